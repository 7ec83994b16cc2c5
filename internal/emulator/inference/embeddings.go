package inference

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
)

type embeddingReply struct {
	Object string         `json:"object"`
	Data   []embedding    `json:"data"`
	Model  string         `json:"model"`
	Usage  embeddingUsage `json:"usage"`
}

type embedding struct {
	Object string `json:"object"`
	Index  int    `json:"index"`
	// Embedding is a list of numbers, or base64 of them.
	Embedding any `json:"embedding"`
}

type embeddingUsage struct {
	PromptTokens int64 `json:"prompt_tokens"`
	TotalTokens  int64 `json:"total_tokens"`
}

// toEmbed is a text, or the tokens of one.
type toEmbed struct {
	text   string
	tokens []int64
}

// UnmarshalJSON takes either.
func (e *toEmbed) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		return json.Unmarshal(data, &e.tokens)
	}
	return json.Unmarshal(data, &e.text)
}

func (e toEmbed) count(price metering.Price) (int64, error) {
	if e.tokens != nil {
		return int64(len(e.tokens)), nil
	}
	return price.Count(e.text)
}

// embedInput is the input: one text, the tokens of one, or a list of either.
type embedInput []toEmbed

// UnmarshalJSON takes any of them.
func (i *embedInput) UnmarshalJSON(data []byte) error {
	var tokens []int64
	if json.Unmarshal(data, &tokens) == nil && len(tokens) > 0 {
		*i = embedInput{{tokens: tokens}}
		return nil
	}
	return json.Unmarshal(data, (*oneOrMore[toEmbed])(i))
}

// maxInputs is how many texts one request may embed.
const maxInputs = 2048

// Vectors have this many dimensions unless asked otherwise.
var dimensions = map[string]int64{"text-embedding-3-small": 1536, "text-embedding-3-large": 3072}

const otherDimensions = 1536

func (s server) embed(r *api.Request) (any, error) {
	var body struct {
		Model          string     `json:"model"`
		Input          embedInput `json:"input"`
		Dimensions     *int64     `json:"dimensions"`
		EncodingFormat string     `json:"encoding_format"`
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	price, err := s.Model(r, body.Model, metering.Embedding)
	if err != nil {
		return nil, err
	}
	size, known := dimensions[body.Model]
	if !known {
		size = otherDimensions
	}
	switch {
	case len(body.Input) == 0 || len(body.Input) > maxInputs:
		return nil, api.BadRequest("input", "'input' must have between 1 and %d texts, got %d.", maxInputs, len(body.Input))
	case body.EncodingFormat != "" && body.EncodingFormat != "float" && body.EncodingFormat != "base64":
		return nil, api.BadRequest("encoding_format", "Invalid value: '%s'. Supported values are: 'float' and 'base64'.", body.EncodingFormat)
	case body.Dimensions != nil && (*body.Dimensions < 1 || *body.Dimensions > size):
		return nil, api.BadRequest("dimensions", "'dimensions' must be between 1 and %d, got %d.", size, *body.Dimensions)
	case body.Dimensions != nil:
		size = *body.Dimensions
	}
	reply := embeddingReply{Object: "list", Model: body.Model}
	var total int64
	for i, text := range body.Input {
		n, err := text.count(price)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, api.BadRequest("input", "'input' cannot be an empty string.")
		}
		total += n
		one := embedding{Object: "embedding", Index: i, Embedding: text.vector(body.Model, size)}
		if body.EncodingFormat == "base64" {
			one.Embedding = pack(text.vector(body.Model, size))
		}
		reply.Data = append(reply.Data, one)
	}
	reply.Usage = embeddingUsage{total, total}
	return reply, s.Charge(r, price, metering.Call{Kind: "embeddings", Model: body.Model, Input: total})
}

// vector is a direction that depends on the text alone: equal texts are equal,
// and others have nothing in common.
func (e toEmbed) vector(model string, size int64) []float32 {
	seed := sha256.New()
	seed.Write([]byte(model + "\x00" + e.text + "\x00"))
	for _, token := range e.tokens {
		seed.Write(binary.LittleEndian.AppendUint64(nil, uint64(token))) //nolint:gosec // any number will do
	}
	random := rand.New(rand.NewChaCha8([32]byte(seed.Sum(nil))))
	vector := make([]float32, size)
	var sum float64
	for i := range vector {
		x := random.NormFloat64()
		vector[i] = float32(x)
		sum += x * x
	}
	for i := range vector {
		vector[i] /= float32(math.Sqrt(sum))
	}
	return vector
}

func pack(vector []float32) string {
	var data []byte
	for _, x := range vector {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
	}
	return base64.StdEncoding.EncodeToString(data)
}
