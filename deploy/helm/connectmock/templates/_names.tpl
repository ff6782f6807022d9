{{/* Labels of every resource. */}}
{{- define "connectmock.labels" -}}
app.kubernetes.io/name: connectmock
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/component: connect
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Name of the port for clients. */}}
{{- define "connectmock.portName" -}}
{{ .Values.connect.api.name }}{{ if .Values.connect.tls.enabled }}-https{{ end }}
{{- end }}

{{/* Number of the port for clients. */}}
{{- define "connectmock.port" -}}
{{ if .Values.connect.tls.enabled }}{{ .Values.connect.api.httpsPort }}{{ else }}{{ .Values.connect.api.httpPort }}{{ end }}
{{- end }}

{{/* Version of Connect to behave as. The default of 1Password's chart is a template of the chart's own version. */}}
{{- define "connectmock.connectVersion" -}}
{{- $version := tpl (toString .Values.connect.version) . -}}
{{- if ne $version .Chart.AppVersion }}{{ $version }}{{ end }}
{{- end }}

{{/* Refuses values that cannot work, with the way out. */}}
{{- define "connectmock.check" -}}
{{- if gt (int .Values.connect.replicas) 1 }}
{{- fail "connect.replicas: 1 is the most, because each pod would have data of its own; install the chart once more under another connect.applicationName instead" }}
{{- end }}
{{- if eq (toString .Values.operator.create) "true" }}
{{- fail "operator.create: this chart has no operator; install 1Password's chart beside it with connect.create=false and operator.create=true" }}
{{- end }}
{{- with .Values.mock.control }}
{{- if and .enabled (not .token) (not .tokenSecret.name) }}
{{- fail "mock.control.token: choose one, or name a Secret with mock.control.tokenSecret.name; the control allows everything, and other pods can reach it" }}
{{- end }}
{{- end }}
{{- range $name, $value := .Values.mock.tokens }}
{{- if not $value }}
{{- fail (printf "mock.tokens.%s: a token needs a value" $name) }}
{{- end }}
{{- if regexMatch "[,=\\s]" (printf "%s%v" $name $value) }}
{{- fail (printf "mock.tokens.%s: names and values of tokens have no spaces, commas and equals signs" $name) }}
{{- end }}
{{- end }}
{{- end }}
