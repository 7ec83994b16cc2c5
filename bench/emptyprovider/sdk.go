//go:build sdk

package main

// With the tag sdk, what OpenAI's SDK adds to any program that has it.
import _ "github.com/openai/openai-go/v3"
