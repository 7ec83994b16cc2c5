package acctest

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// builtInFunctions are the functions of Terraform that configurations of tests
// use, most of them from the library of its language.
var builtInFunctions = map[string]function.Function{
	"abs": stdlib.AbsoluteFunc, "can": tryfunc.CanFunc, "ceil": stdlib.CeilFunc, "chomp": stdlib.ChompFunc, "chunklist": stdlib.ChunklistFunc,
	"coalesce": stdlib.CoalesceFunc, "coalescelist": stdlib.CoalesceListFunc, "compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc,
	"contains": stdlib.ContainsFunc, "csvdecode": stdlib.CSVDecodeFunc, "distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc,
	"flatten": stdlib.FlattenFunc, "floor": stdlib.FloorFunc, "format": stdlib.FormatFunc, "formatdate": stdlib.FormatDateFunc,
	"formatlist": stdlib.FormatListFunc, "indent": stdlib.IndentFunc, "join": stdlib.JoinFunc, "jsondecode": stdlib.JSONDecodeFunc,
	"jsonencode": stdlib.JSONEncodeFunc, "keys": stdlib.KeysFunc, "length": lengthFunction, "lookup": stdlib.LookupFunc, "lower": stdlib.LowerFunc,
	"max": stdlib.MaxFunc, "merge": stdlib.MergeFunc, "min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc,
	"range": stdlib.RangeFunc, "regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc, "replace": stdlib.ReplaceFunc,
	"reverse": stdlib.ReverseListFunc, "setintersection": stdlib.SetIntersectionFunc, "setproduct": stdlib.SetProductFunc,
	"setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc, "signum": stdlib.SignumFunc, "slice": stdlib.SliceFunc,
	"sort": stdlib.SortFunc, "split": stdlib.SplitFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc, "timeadd": stdlib.TimeAddFunc,
	"title": stdlib.TitleFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc, "trimspace": stdlib.TrimSpaceFunc,
	"trimsuffix": stdlib.TrimSuffixFunc, "try": tryfunc.TryFunc, "upper": stdlib.UpperFunc, "values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc,
	"tobool": stdlib.MakeToFunc(cty.Bool), "tonumber": stdlib.MakeToFunc(cty.Number), "tostring": stdlib.MakeToFunc(cty.String),
	"tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)), "tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),
	"toset":        stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
	"base64encode": ofText(func(text string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(text)), nil }),
	"base64decode": ofText(func(text string) (string, error) {
		decoded, err := base64.StdEncoding.DecodeString(text)
		return string(decoded), err
	}),
	"file": ofText(func(path string) (string, error) {
		content, err := os.ReadFile(path)
		return string(content), err
	}),
	"timecmp":       timeCompare,
	"plantimestamp": planTimestamp,
	"sensitive":     marking(true),
	"nonsensitive":  marking(false),
	"one":           oneFunction,
	"alltrue":       truths(true),
	"anytrue":       truths(false),
}

func ofText(result func(text string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "text", Type: cty.String}}, Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			text, err := result(args[0].AsString())
			return cty.StringVal(text), err
		},
	})
}

// planTimestamp is the same for a plan and its apply, as in Terraform, and here
// for all plans of the process.
var planTimestamp = func() function.Function {
	now := cty.StringVal(time.Now().UTC().Format(time.RFC3339))
	return function.New(&function.Spec{
		Type: function.StaticReturnType(cty.String),
		Impl: func([]cty.Value, cty.Type) (cty.Value, error) { return now, nil },
	})
}()

var timeCompare = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "timestamp_a", Type: cty.String}, {Name: "timestamp_b", Type: cty.String}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		var times [2]time.Time
		for i := range times {
			var err error
			if times[i], err = time.Parse(time.RFC3339, args[i].AsString()); err != nil {
				return cty.NilVal, function.NewArgError(i, err)
			}
		}
		return cty.NumberIntVal(int64(times[0].Compare(times[1]))), nil
	},
})

// marking is sensitive or nonsensitive.
func marking(sensitive bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowNull: true, AllowMarked: true, AllowDynamicType: true}},
		Type:   func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if sensitive {
				return args[0].Mark(sensitiveMark), nil
			}
			plain, marks := args[0].Unmark()
			delete(marks, sensitiveMark)
			return plain.WithMarks(marks), nil
		},
	})
}

// lengthFunction also measures texts.
var lengthFunction = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		switch {
		case args[0].Type() == cty.DynamicPseudoType:
			return cty.UnknownVal(cty.Number), nil
		case args[0].Type() == cty.String:
			return stdlib.Strlen(args[0])
		default:
			return stdlib.Length(args[0])
		}
	},
})

var oneFunction = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type: func(args []cty.Value) (cty.Type, error) {
		kind := args[0].Type()
		switch {
		case kind.IsListType(), kind.IsSetType():
			return kind.ElementType(), nil
		case kind.IsTupleType() && kind.Length() == 1:
			return kind.TupleElementType(0), nil
		case kind.IsTupleType() && kind.Length() == 0:
			return cty.DynamicPseudoType, nil
		}
		return cty.NilType, function.NewArgErrorf(0, "must be a list, set, or tuple value with either zero or one elements")
	},
	Impl: func(args []cty.Value, kind cty.Type) (cty.Value, error) {
		switch items := args[0].AsValueSlice(); len(items) {
		case 0:
			return cty.NullVal(kind), nil
		case 1:
			return items[0], nil
		default:
			return cty.NilVal, function.NewArgErrorf(0, "must be a list, set, or tuple value with either zero or one elements")
		}
	},
})

// truths is alltrue or anytrue.
func truths(all bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}}, Type: function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			result := cty.BoolVal(all)
			for _, item := range args[0].AsValueSlice() {
				if item.IsNull() {
					item = cty.False
				}
				if all {
					result = result.And(item)
				} else {
					result = result.Or(item)
				}
			}
			return result, nil
		},
	})
}

// providerFunctions are the functions of a provider, under the names with which
// a configuration calls them.
func providerFunctions(ctx context.Context, name string, server tfprotov6.ProviderServer, all map[string]*tfprotov6.Function) (map[string]function.Function, error) {
	functions := map[string]function.Function{}
	for short, f := range all {
		called, err := providerFunction(ctx, server, short, f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", short, err)
		}
		functions["provider::"+name+"::"+short] = called
	}
	return functions, nil
}

func providerFunction(ctx context.Context, server tfprotov6.ProviderServer, name string, f *tfprotov6.Function) (called function.Function, err error) {
	spec := &function.Spec{}
	parameter := func(p *tfprotov6.FunctionParameter) (converted function.Parameter) {
		kind, failure := ctyType(p.Type)
		if failure != nil {
			err = failure
		}
		return function.Parameter{Name: p.Name, Type: kind, AllowNull: p.AllowNullValue, AllowUnknown: p.AllowUnknownValues}
	}
	for _, p := range f.Parameters {
		spec.Params = append(spec.Params, parameter(p))
	}
	if f.VariadicParameter != nil {
		more := parameter(f.VariadicParameter)
		spec.VarParam = &more
	}
	result, failure := ctyType(f.Return.Type)
	if failure != nil || err != nil {
		return function.Function{}, fmt.Errorf("%w %w", err, failure)
	}
	spec.Type = function.StaticReturnType(result)
	spec.Impl = func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		req := &tfprotov6.CallFunctionRequest{Name: name}
		for i, arg := range args {
			var kind cty.Type
			if i < len(spec.Params) {
				kind = spec.Params[i].Type
			} else {
				kind = spec.VarParam.Type
			}
			encoded, err := encodeValue(arg, kind)
			if err != nil {
				return cty.NilVal, function.NewArgError(i, err)
			}
			req.Arguments = append(req.Arguments, encoded)
		}
		resp, err := server.CallFunction(ctx, req)
		switch {
		case err != nil:
			return cty.NilVal, err
		case resp.Error != nil && resp.Error.FunctionArgument != nil:
			return cty.NilVal, function.NewArgErrorf(int(*resp.Error.FunctionArgument), "%s", resp.Error.Text)
		case resp.Error != nil:
			return cty.NilVal, fmt.Errorf("%s", resp.Error.Text)
		}
		value, err := decode(resp.Result, result)
		if err != nil {
			return cty.NilVal, err
		}
		return convert.Convert(value, result)
	}
	return function.New(spec), nil
}
