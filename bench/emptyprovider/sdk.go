//go:build sdk

package main

// With the tag sdk, the program includes OpenAI's SDK, to measure its cost.
import _ "github.com/openai/openai-go/v3"
