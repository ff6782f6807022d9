package mock

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/spf13/cobra"
)

// certificateLifetime is that of a self-made certificate; Apple's systems refuse more than 825 days.
const certificateLifetime = 365 * 24 * time.Hour

// tlsSettings are the flags for TLS.
type tlsSettings struct {
	cert, key, CertOut string
	selfSigned         bool
}

func (t *tlsSettings) bind(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&t.cert, "tls-cert", "", "`file` with the certificate, PEM: speak TLS")
	f.StringVar(&t.key, "tls-key", "", "`file` with its private key, PEM")
	f.BoolVar(&t.selfSigned, "tls-self-signed", false, "speak TLS with a new certificate, kept in memory only")
	f.StringVar(&t.CertOut, "tls-cert-out", "", "`file` for the authority of that certificate, PEM, for clients to trust")
	cliflag.BindServerVariable(f, "tls-cert", "OP_TLS_CERT_FILE")
	cliflag.BindServerVariable(f, "tls-key", "OP_TLS_KEY_FILE")
	c.MarkFlagsRequiredTogether("tls-cert", "tls-key")
	c.MarkFlagsMutuallyExclusive("tls-cert", "tls-self-signed")
}

func (t *tlsSettings) on() bool { return t.selfSigned || t.cert != "" }

// config returns the TLS configuration, nil for plain HTTP. A self-made
// certificate is valid for this machine and for host; authority is the one that
// signed it, PEM.
func (t *tlsSettings) config(host string, now time.Time) (_ *tls.Config, authority []byte, _ error) {
	if t.CertOut != "" && !t.selfSigned {
		return nil, nil, cli.Usage("--tls-cert-out writes a self-made certificate; it needs --tls-self-signed")
	}
	if !t.on() {
		return nil, nil, nil
	}
	if !t.selfSigned {
		pair, err := t.keyPair()
		if err != nil {
			return nil, nil, cli.Usage("the certificate %s with the key %s: %w", t.cert, t.key, err)
		}
		return &tls.Config{Certificates: []tls.Certificate{pair}}, nil, nil
	}
	pair, der, err := newCertificate(host, now)
	if err != nil {
		return nil, nil, fmt.Errorf("create a certificate: %w", err)
	}
	authority = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return &tls.Config{Certificates: []tls.Certificate{pair}}, authority, nil
}

// keyPair reads --tls-cert and --tls-key.
func (t *tlsSettings) keyPair() (tls.Certificate, error) {
	cert, err := cli.ReadFile(t.cert)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := cli.ReadFile(t.key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(cert, key)
}

// writeAuthority writes the authority to --tls-cert-out, for clients to trust.
func (t *tlsSettings) writeAuthority(authority []byte) error {
	if t.CertOut == "" {
		return nil
	}
	if err := os.WriteFile(t.CertOut, authority, 0o644); err != nil {
		return cli.Usage("--tls-cert-out: %w", err)
	}
	return nil
}

// newCertificate returns a certificate for this machine and host, and the authority
// that signed it, whose key is not kept. They are two because rustls accepts no
// authority as a server, and OpenSSL no server as an authority.
func newCertificate(host string, now time.Time) (server tls.Certificate, authority []byte, err error) {
	top := &x509.Certificate{
		Subject:  pkix.Name{CommonName: "connectmock, made at this start"},
		KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
	}
	authority, topKey, err := signCertificate(top, nil, nil, now)
	if err != nil {
		return server, nil, err
	}
	if top, err = x509.ParseCertificate(authority); err != nil {
		return server, nil, err
	}
	leaf := &x509.Certificate{
		Subject:  pkix.Name{CommonName: "connectmock"},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	names := []string{host}
	if own, err := os.Hostname(); err == nil {
		names = append(names, own) // the name of this container for others
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else if name != "" {
			leaf.DNSNames = append(leaf.DNSNames, name)
		}
	}
	der, key, err := signCertificate(leaf, top, topKey, now)
	return tls.Certificate{Certificate: [][]byte{der, authority}, PrivateKey: key}, authority, err
}

// signCertificate creates a key and a certificate for it, self-signed without a
// parent.
func signCertificate(
	c, parent *x509.Certificate, by *ecdsa.PrivateKey, now time.Time,
) (der []byte, key *ecdsa.PrivateKey, err error) {
	if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, nil, err
	}
	if c.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return nil, nil, err
	}
	c.NotBefore, c.NotAfter = now.Add(-time.Hour), now.Add(certificateLifetime) // an hour for clocks that differ
	if parent == nil {
		parent, by = c, key
	}
	der, err = x509.CreateCertificate(rand.Reader, c, parent, key.Public(), by)
	return der, key, err
}
