{{- define "spot-keeper.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "spot-keeper.selector" -}}
app.kubernetes.io/name: spot-keeper
app.kubernetes.io/instance: {{ include "spot-keeper.fullname" . }}
{{- end }}

{{- define "spot-keeper.labels" -}}
{{ include "spot-keeper.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "spot-keeper.serviceAccount" -}}
{{- if .Values.serviceAccount.name }}
{{- .Values.serviceAccount.name }}
{{- else if .Values.serviceAccount.create }}
{{- include "spot-keeper.fullname" . }}
{{- else }}
{{- required "serviceAccount.name is needed where serviceAccount.create is false" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "spot-keeper.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{/* The Lease of the leader and the ConfigMap of its ledger, which the keeper names after its fleet. */}}
{{- define "spot-keeper.ledger" -}}
{{- $pools := fromYaml (required "pools is needed: --set-file pools=pools.yaml" .Values.pools) }}
{{- printf "spot-keeper-%s" (required "pools must be a pools file that names its fleet" $pools.fleet) }}
{{- end }}

{{/* "yes" where a pool holds waiting jobs: its scaling policy looks at jobs, and it is not told otherwise. */}}
{{- define "spot-keeper.holdsJobs" -}}
{{- range (fromYaml .Values.pools).pools }}
{{- if and .scaling (ne (toString .holdJobs) "false") }}
{{- if ne .scaling.policy "scheduled" }}yes{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{/* "yes" where the webhook is to serve: it is asked for, a pool holds jobs, and the cluster has no policy for it. */}}
{{- define "spot-keeper.webhook" -}}
{{- if and .Values.jobDelay.enabled .Values.jobDelay.webhook.enabled (contains "yes" (include "spot-keeper.holdsJobs" .)) }}
{{- if not (.Capabilities.APIVersions.Has "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy") }}yes{{ end }}
{{- end }}
{{- end }}

{{- define "spot-keeper.jobNamespaces" -}}
{{- toJson (required "jobNamespaces is needed where a pool holds jobs: name the namespaces of job pods, or say holdJobs: false" .Values.jobNamespaces) }}
{{- end }}

{{- define "spot-keeper.checksums" -}}
checksum/pools.yaml: {{ .Values.pools | sha256sum }}
{{- range $name, $text := .Values.policyFiles }}
checksum/{{ $name }}: {{ $text | sha256sum }}
{{- end }}
{{- end }}
