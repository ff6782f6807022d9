package expression

// Function describes a function that expressions can call.
type Function struct {
	Name      string
	Signature string
	About     string
}

// OwnFunctions returns the functions that scenarios add to those of expr-lang, or replace.
func OwnFunctions() []Function {
	return []Function{
		{"secret", "secret(name)", "A random value of this run; the same name gives the same value. Reports never show it."},
		{"now", "now()", "The present time of the account's clock, or of this machine without control."},
		{"id", "id()", "A random id in the format of Connect, which nothing has."},
		{"sha256", "sha256(text)", "SHA-256 of a text, in hexadecimal digits."},
		{"has", "has(value, pointer)", "Whether a value has something at a JSON pointer: has(res.json, '/tags/0')."},
		{"get", "get(value, pointer, otherwise)", "The value at a JSON pointer, or otherwise if there is none."},
	}
}

// BuiltinFunctions returns the functions of expr-lang that expressions can call.
func BuiltinFunctions() []Function {
	return []Function{
		{"all", "all(list, condition)", "Whether it is true for all elements; # is the element, .name its member."},
		{"none", "none(list, condition)", "Whether the condition is true for no element."},
		{"any", "any(list, condition)", "Whether the condition is true for an element."},
		{"one", "one(list, condition)", "Whether the condition is true for exactly one element."},
		{"filter", "filter(list, condition)", "The elements for which the condition is true."},
		{"map", "map(list, expression)", "The value of the expression for each element."},
		{"find", "find(list, condition)", "The first element for which the condition is true, or nil."},
		{"findIndex", "findIndex(list, condition)", "The index of the first such element, or nil."},
		{"findLast", "findLast(list, condition)", "The last such element, or nil."},
		{"findLastIndex", "findLastIndex(list, condition)", "The index of the last such element, or nil."},
		{"count", "count(list, condition)", "The number of elements for which the condition is true."},
		{"sum", "sum(list, expression)", "The sum of the numbers, or of the expression for each element."},
		{"groupBy", "groupBy(list, expression)", "Lists of the elements by the value of the expression."},
		{"sortBy", "sortBy(list, expression, 'asc' or 'desc')", "The elements sorted by the expression."},
		{"reduce", "reduce(list, expression, initial)", "One value from all elements; #acc is the value so far."},
		{"len", "len(value)", "The length of a text, list or object."},
		{"type", "type(value)", "The type of a value, as text."},
		{"abs", "abs(number)", "The absolute value."},
		{"ceil", "ceil(number)", "The number rounded up."},
		{"floor", "floor(number)", "The number rounded down."},
		{"round", "round(number)", "The nearest whole number."},
		{"int", "int(value)", "The value as a whole number."},
		{"float", "float(value)", "The value as a number with fraction."},
		{"string", "string(value)", "The value as text."},
		{"trim", "trim(text, characters)", "The text without spaces, or the characters, at both ends."},
		{"trimPrefix", "trimPrefix(text, prefix)", "The text without the prefix."},
		{"trimSuffix", "trimSuffix(text, suffix)", "The text without the suffix."},
		{"upper", "upper(text)", "The text in upper case."},
		{"lower", "lower(text)", "The text in lower case."},
		{"split", "split(text, separator, limit)", "The parts of a text; limit may be left out."},
		{"splitAfter", "splitAfter(text, separator, limit)", "The parts of a text with their separators."},
		{"replace", "replace(text, old, new)", "The text with each old replaced by new."},
		{"repeat", "repeat(text, times)", "The text repeated."},
		{"join", "join(list, separator)", "The texts of a list in one text."},
		{"indexOf", "indexOf(text, part)", "The index of the first such part, or -1."},
		{"lastIndexOf", "lastIndexOf(text, part)", "The index of the last such part, or -1."},
		{"hasPrefix", "hasPrefix(text, prefix)", "Whether a text starts with the prefix."},
		{"hasSuffix", "hasSuffix(text, suffix)", "Whether a text ends with the suffix."},
		{"max", "max(numbers)", "The largest number."},
		{"min", "min(numbers)", "The smallest number."},
		{"mean", "mean(numbers)", "The mean of the numbers."},
		{"median", "median(numbers)", "The median of the numbers."},
		{"toJSON", "toJSON(value)", "The value as JSON."},
		{"fromJSON", "fromJSON(text)", "The value of a JSON text."},
		{"toBase64", "toBase64(text)", "The text in base64."},
		{"fromBase64", "fromBase64(text)", "The text that base64 stands for."},
		{"duration", "duration(text)", "A duration such as duration('1h30m')."},
		{"date", "date(text)", "The time of a text such as 2026-03-01T09:30:00Z."},
		{"timezone", "timezone(name)", "A time zone such as timezone('Europe/Berlin')."},
		{"first", "first(list)", "The first element."},
		{"last", "last(list)", "The last element."},
		{"take", "take(list, number)", "That many elements from the beginning."},
		{"keys", "keys(object)", "The names of the members."},
		{"values", "values(object)", "The values of the members."},
		{"toPairs", "toPairs(object)", "A list of [name, value] pairs."},
		{"fromPairs", "fromPairs(list)", "An object from [name, value] pairs."},
		{"reverse", "reverse(list)", "The elements in reverse order."},
		{"uniq", "uniq(list)", "The elements without duplicates."},
		{"concat", "concat(list, list)", "The elements of all lists."},
		{"flatten", "flatten(list)", "The elements of lists in a list."},
		{"sort", "sort(list, 'asc' or 'desc')", "The elements sorted."},
		{"bitand", "bitand(number, number)", "Bitwise and."},
		{"bitor", "bitor(number, number)", "Bitwise or."},
		{"bitxor", "bitxor(number, number)", "Bitwise exclusive or."},
		{"bitnand", "bitnand(number, number)", "Bitwise and not."},
		{"bitnot", "bitnot(number)", "Bitwise not."},
		{"bitshl", "bitshl(number, bits)", "Bits shifted left."},
		{"bitshr", "bitshr(number, bits)", "Bits shifted right."},
		{"bitushr", "bitushr(number, bits)", "Bits shifted right without sign."},
	}
}
