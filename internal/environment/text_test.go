package environment

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// values returns texts that some format could change: those that people thought of, and random ones.
func values() []Variable {
	texts := []string{
		"http://127.0.0.1:8080", "", " ", "it's", `say "hi"`, "$HOME ${HOME} $(id) `id`", `back\slash`, `ends with \`,
		"two\nlines", "\nstarts and ends\n", "return\rhere\r\n", "tab\there", "#comment", "a #b", "%self", "~", "=ls", "a==b",
		"!history", "*?[a]", "{a,b}", "a&b|c;d<e>f", "é ü 漢 🎉", "typo\u2018gra\u2019phic\u201a\u201b", "\u201cquoted\u201d\u201e",
		"\x01\x1b[31m\x7f", "\u00a0\u2028\ufeff", `'`, `''`, `"`, `\'`, `\"`, `\n`, `'"` + "`$\\\n", "-n", "true", "null", "1e3",
	}
	random := rapid.StringOf(rapid.OneOf(
		rapid.RuneFrom([]rune("'\"`$\\\n\r\t #=!%{}()&;a1\u2019\u201d")), rapid.Rune(),
	).Filter(func(r rune) bool { return r != 0 }))
	for seed := range 400 {
		texts = append(texts, random.Example(seed))
	}
	var list []Variable
	for i, text := range texts {
		list = append(list, Variable{fmt.Sprintf("V%d", i), strings.ToValidUTF8(text, "")})
	}
	return list
}

// text returns variables in a format.
func text(t *testing.T, format string, vars []Variable) string {
	t.Helper()
	got, err := Text(format, vars)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// compare compares what a program read with the values.
func compare(t *testing.T, want []Variable, got map[string]string) {
	t.Helper()
	for _, v := range want {
		if value, ok := got[v.Name]; !ok || value != v.Value {
			t.Errorf("%s: read %q, not %q", v.Name, value, v.Value)
		}
	}
	if len(got) != len(want) {
		t.Errorf("read %d variables, not %d", len(got), len(want))
	}
}

// run runs a script that prints values, each with a zero byte after it.
func run(t *testing.T, vars []Variable, shell, script string) map[string]string {
	t.Helper()
	command := exec.Command(shell)
	command.Stdin = strings.NewReader(script)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v", shell, err)
	}
	got := map[string]string{}
	for i, value := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		got[vars[min(i, len(vars)-1)].Name] = value
	}
	return got
}

func TestText_IsReadByShells(t *testing.T) {
	t.Parallel()
	for shell, format := range map[string]string{"sh": "sh", "bash": "sh", "zsh": "sh", "fish": "fish"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(shell); err != nil && shell != "sh" {
				t.Skip(shell + " is not installed")
			}
			vars := values()
			script := text(t, format, vars)
			for _, v := range vars {
				script += `printf '%s\0' "$` + v.Name + "\"\n"
			}
			compare(t, vars, run(t, vars, shell, script))
		})
	}
}

// Both ways to use the arguments of docker: a shell splits simple ones by itself, and eval reads any.
func TestText_DockerArgumentsAreRead(t *testing.T) {
	t.Parallel()
	vars := values()
	script := "print() { shift; while [ $# -gt 0 ]; do [ \"$1\" = --env ] || exit 3; printf '%s\\0' \"$2\"; shift 2; done; }\n"
	script += "print " + text(t, "docker", vars)
	got := map[string]string{}
	for _, entry := range run(t, vars, "sh", script) {
		name, value, _ := strings.Cut(entry, "=")
		got[name] = value
	}
	compare(t, vars, got)
	simple := Server{Host: "http://127.0.0.1:8080", Token: "ey.a-b_c"}.InContainer().Variables()
	want := "--add-host=host.docker.internal:host-gateway --env OP_CONNECT_HOST=http://host.docker.internal:8080" +
		" --env OP_CONNECT_TOKEN=ey.a-b_c\n"
	if got := text(t, "docker", simple); got != want {
		t.Errorf("got %s", got)
	}
}

func TestText_JSONIsRead(t *testing.T) {
	t.Parallel()
	vars := values()
	got := map[string]string{}
	if err := json.Unmarshal([]byte(text(t, "json", vars)), &got); err != nil {
		t.Fatal(err)
	}
	compare(t, vars, got)
}

func TestText_SecretIsRead(t *testing.T) {
	t.Parallel()
	vars := values()
	var manifest struct {
		APIVersion string            `yaml:"apiVersion"`
		Kind       string            `yaml:"kind"`
		Metadata   map[string]string `yaml:"metadata"`
		StringData map[string]string `yaml:"stringData"`
	}
	if err := yaml.UnmarshalWithOptions([]byte(text(t, "k8s", vars)), &manifest, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	compare(t, vars, manifest.StringData)
	got := []string{manifest.APIVersion, manifest.Kind, manifest.Metadata["name"]}
	if diff := cmp.Diff([]string{"v1", "Secret", "op-connect"}, got); diff != "" {
		t.Error(diff)
	}
}

// The readers of this test follow the documented grammars of fish, PowerShell and the dotenv files of docker compose.
func TestText_IsReadByGrammars(t *testing.T) {
	t.Parallel()
	for format, read := range readers() {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			vars := values()
			compare(t, vars, read(t, text(t, format, vars)))
		})
	}
}

func FuzzText_IsReadByGrammars(f *testing.F) {
	for _, v := range values()[:30] {
		f.Add(v.Value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for format, read := range readers() {
			vars := []Variable{{"NAME", value}, {"NEXT", "plain"}}
			got, err := Text(format, vars)
			if err != nil {
				continue // refused, because it is not text
			}
			compare(t, vars, read(t, got))
		}
	})
}

func TestText_RefusesWhatIsNoText(t *testing.T) {
	t.Parallel()
	for _, format := range Formats() {
		for _, value := range []string{"hunter2\x00", "hunter2\xff"} {
			got, err := Text(format, []Variable{{"OP_CONNECT_TOKEN", value}})
			if err == nil || !strings.Contains(err.Error(), "OP_CONNECT_TOKEN") || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s: got %q, %v", format, got, err)
			}
		}
	}
}

func TestText_NamesNearestFormat(t *testing.T) {
	t.Parallel()
	if _, err := Text("powershel", nil); err == nil || !strings.Contains(err.Error(), `"powershell"`) {
		t.Errorf("got %v", err)
	}
}
