package certificate

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// parsePEM reads the certificate out of a PEM text. Its errors hold nothing of
// the text.
func parsePEM(text string) (*x509.Certificate, error) {
	block, rest := pem.Decode([]byte(text))
	switch {
	case block == nil:
		return nil, errors.New("must be a certificate in PEM, beginning with -----BEGIN CERTIFICATE-----")
	case block.Type != "CERTIFICATE":
		return nil, fmt.Errorf("must be a certificate, got a %s. Do not configure private keys here", block.Type)
	case len(bytes.TrimSpace(rest)) > 0:
		return nil, errors.New("must contain exactly one certificate. Use one resource for each")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, errors.New("is not a valid X.509 certificate")
	}
	return certificate, nil
}

// samePEM reports whether two texts hold the same certificate. White space,
// line ends and comments may differ.
func samePEM(a, b string) bool {
	first, _ := pem.Decode([]byte(a))
	second, _ := pem.Decode([]byte(b))
	return first != nil && second != nil && bytes.Equal(first.Bytes, second.Bytes)
}

// pemCertificate accepts one certificate in PEM.
func pemCertificate() validator.String {
	return tfkit.Rule("a certificate in PEM", func(value string) string {
		if _, err := parsePEM(value); err != nil {
			return err.Error()
		}
		return ""
	})
}
