package main

import (
	"bytes"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/openapi"
)

// windowsText returns a text in the encodings that Windows tools write, by name.
func windowsText(text string) map[string]string {
	text = strings.ReplaceAll(text, "\n", "\r\n")
	little, big := []byte("\xff\xfe"), []byte("\xfe\xff")
	for _, unit := range utf16.Encode([]rune(text)) {
		little = binary.LittleEndian.AppendUint16(little, unit)
		big = binary.BigEndian.AppendUint16(big, unit)
	}
	return map[string]string{"utf8-bom": "\xef\xbb\xbf" + text, "utf16-le": string(little), "utf16-be": string(big)}
}

// Windows PowerShell 5 writes these encodings with > and with Out-File.
func TestFiles_AreReadInEncodingsOfWindows(t *testing.T) {
	t.Parallel()
	deviations := "- rule: health/heartbeat\n  reason: none\n  owner: qa\n  expires: 2030-01-01\n"
	for _, tt := range []struct {
		name, text string
		args       []string // FILE is the file
		says       string
	}{
		{"fixture", "vaults:\n  - name: Küche\n", []string{"fixtures", "validate", "FILE"}, "1 vault, "},
		{"scenario", "scenario: 1\nid: a\ntitle: Ä\nsteps:\n  - {id: list, call: GetVaults, expect: {status: 200}}\n",
			[]string{"scenario", "validate", "FILE"}, ", valid"},
		{"document", string(openapi.ConnectYAML()), []string{"spec", "check", "FILE"}, "no difference"},
		{"deviations", deviations, []string{"contract", "run", "--rule", "health/heartbeat", "--deviations", "FILE"}, "health/heartbeat"},
	} {
		for encoding, text := range windowsText(tt.text) {
			t.Run(tt.name+"/"+encoding, func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(t.TempDir(), "text.yaml")
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				args := strings.Split(strings.ReplaceAll(strings.Join(tt.args, "\n"), "FILE", file), "\n")
				var out bytes.Buffer
				code := run(t.Context(), args, &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out})
				readDeviations := tt.name == "deviations" && code == cli.ExitFailed // the rule passes, so the entry is wrong
				if (code != cli.ExitOK && !readDeviations) || !strings.Contains(out.String(), tt.says) {
					t.Errorf("%q: exit code %d\n%s", args, code, &out)
				}
			})
		}
	}
}

func TestStandardInputAndFaults_AreReadInEncodingsOfWindows(t *testing.T) {
	t.Parallel()
	for encoding, text := range windowsText("vaults:\n  - name: Küche\n") {
		var out bytes.Buffer
		std := &cli.Streams{In: strings.NewReader(text), Out: &out, Err: &out}
		code := run(t.Context(), []string{"fixtures", "validate", "-"}, std)
		if code != cli.ExitOK || !strings.Contains(out.String(), "1 vault, ") {
			t.Errorf("%s: exit code %d\n%s", encoding, code, &out)
		}
	}
	for encoding, text := range windowsText("operation: GetVaults\nabort: 500\n") {
		name := filepath.Join(t.TempDir(), "fault.yaml")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		x := newFakeControl(t, 200, "{}")
		if code, output := x.ctl(t, "fault", "add", "-f", name); code != cli.ExitOK || len(x.requests) != 1 {
			t.Errorf("%s: exit code %d, requests %q\n%s", encoding, code, x.requests, output)
		}
	}
}

func TestFiles_AreNamedIfTheirUTF16IsInvalid(t *testing.T) {
	t.Parallel()
	dir := files(t, map[string]string{"half.yaml": "\xff\xfev\x00a"})
	checkMistakes(t, nil, dir, []mistake{
		{"serve --fixture DIR/half.yaml", "half.yaml: the text starts as UTF-16 but is not valid UTF-16: save it as UTF-8"},
		{"serve --spec DIR/half.yaml", "half.yaml: the text starts as UTF-16"},
		{"contract run --deviations DIR/half.yaml", "half.yaml: the text starts as UTF-16"},
	})
}

func TestKeyPair_IsReadInEncodingsOfWindows(t *testing.T) {
	t.Parallel()
	other := httptest.NewTLSServer(nil)
	t.Cleanup(other.Close)
	pair := other.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert := windowsText(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})))
	key := windowsText(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	for encoding := range cert {
		dir := files(t, map[string]string{"cert.pem": cert[encoding], "key.pem": key[encoding]})
		line := []string{
			"exec", "--tls-cert", filepath.Join(dir, "cert.pem"), "--tls-key", filepath.Join(dir, "key.pem"), "--", "true",
		}
		var out bytes.Buffer
		if code := run(t.Context(), line, &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out}); code != cli.ExitOK {
			t.Errorf("%s: exit code %d\n%s", encoding, code, &out)
		}
	}
}
