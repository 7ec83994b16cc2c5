package inference

import (
	"bytes"
	"crypto/sha256"
	"image"
	"image/color"
	"image/png"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
)

type imageReply struct {
	Created      int64       `json:"created"`
	Background   string      `json:"background"`
	OutputFormat string      `json:"output_format"`
	Quality      string      `json:"quality"`
	Size         string      `json:"size"`
	Data         []imageData `json:"data"`
	Usage        imageUsage  `json:"usage"`
}

// imageData is a picture, which JSON writes in base64.
type imageData struct {
	Picture []byte `json:"b64_json"`
}

type imageUsage struct {
	TotalTokens  int64             `json:"total_tokens"`
	InputTokens  int64             `json:"input_tokens"`
	OutputTokens int64             `json:"output_tokens"`
	InputDetails imageInputDetails `json:"input_tokens_details"`
}

type imageInputDetails struct {
	TextTokens  int64 `json:"text_tokens"`
	ImageTokens int64 `json:"image_tokens"`
}

// imageTokens are the tokens of a picture, by quality and size. The first of
// each is the value of "auto" here.
var imageTokens = map[string]map[string]int64{
	"low":    {"1024x1024": 272, "1024x1536": 408, "1536x1024": 400},
	"medium": {"1024x1024": 1056, "1024x1536": 1584, "1536x1024": 1568},
	"high":   {"1024x1024": 4160, "1024x1536": 6240, "1536x1024": 6208},
}

func (s server) draw(r *api.Request) (any, error) {
	var body struct {
		Model   string `json:"model"`
		Prompt  string `json:"prompt"`
		N       *int64 `json:"n"`
		Quality string `json:"quality"`
		Size    string `json:"size"`
		Stream  bool   `json:"stream"`
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	price, err := s.Model(r, body.Model, metering.Image)
	if err != nil {
		return nil, err
	}
	if body.Quality == "" || body.Quality == "auto" {
		body.Quality = "medium"
	}
	if body.Size == "" || body.Size == "auto" {
		body.Size = "1024x1024"
	}
	count := int64(1)
	if body.N != nil {
		count = *body.N
	}
	each, known := imageTokens[body.Quality][body.Size]
	switch {
	case body.Prompt == "":
		return nil, api.BadRequest("prompt", "Missing required parameter: 'prompt'.")
	case count < 1 || count > 10:
		return nil, api.BadRequest("n", "'n' must be between 1 and 10, got %d.", count)
	case imageTokens[body.Quality] == nil:
		return nil, api.BadRequest("quality", "Invalid value: '%s'. Supported values are: 'low', 'medium', 'high', and 'auto'.", body.Quality)
	case !known:
		return nil, api.BadRequest("size", "Invalid value: '%s'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'.", body.Size)
	case body.Stream:
		return nil, api.NotEmulated("Streamed pictures are not emulated.")
	}
	input, err := price.Count(body.Prompt)
	if err != nil {
		return nil, err
	}
	output := count * each
	reply := imageReply{
		Created: r.Now(), Background: "opaque", OutputFormat: "png", Quality: body.Quality, Size: body.Size,
		Usage: imageUsage{TotalTokens: input + output, InputTokens: input, OutputTokens: output, InputDetails: imageInputDetails{TextTokens: input}},
	}
	for i := range count {
		picture, err := paint(body.Prompt, byte(i))
		if err != nil {
			return nil, err
		}
		reply.Data = append(reply.Data, imageData{picture})
	}
	return reply, s.Charge(r, price, metering.Call{
		Kind: "images", Model: body.Model, Input: input, Output: output, Images: count, Size: body.Size, Source: "image.generation",
	})
}

// paint makes a tiny picture whose colors come from the prompt.
func paint(prompt string, number byte) ([]byte, error) {
	const side = 4
	sum := sha256.Sum256(append([]byte(prompt), number))
	picture := image.NewRGBA(image.Rect(0, 0, side, side))
	for x := range side {
		for y := range side {
			i := (x*side + y) * 2 % (len(sum) - 2)
			picture.Set(x, y, color.RGBA{R: sum[i], G: sum[i+1], B: sum[i+2], A: 255})
		}
	}
	var file bytes.Buffer
	err := png.Encode(&file, picture)
	return file.Bytes(), err
}
