package api

import "regexp"

// The forms of names in other clouds.
var (
	RoleARN       = regexp.MustCompile(`^arn:aws:iam::\d{12}:role/.+$`)
	ProjectNumber = regexp.MustCompile(`^[0-9]{1,19}$`)
)
