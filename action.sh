#!/usr/bin/env bash
# action.sh contract|scenario [ARGUMENT...]: a step of action.yml. Runs a suite of
# connectmock and ends with its exit code. Writes reports, annotations, the summary
# of the job and outputs, also when the suite could not start.
set -euo pipefail
suite=$1
shift
reports="$RUNNER_TEMP/connectmock/reports"
mkdir -p "$reports"
rm -f "$reports/$suite".*
code=0

case "$MOCK:$OP_CONNECT_HOST" in
  true:?*) wrong='The inputs "host" and "mock" are both set: leave one of them out.' ;;
  true:) # two empty ones would be secrets that do not exist
    wrong=
    [ -n "$OP_CONNECT_TOKEN" ] || unset OP_CONNECT_HOST OP_CONNECT_TOKEN
    ;;
  *:) wrong='The input "host" is empty: is the secret set? To test a mock, set the input "mock" to "true" instead.' ;;
  *) wrong= ;;
esac
if [ -n "$wrong" ]; then
  code=2
  echo "$wrong" | tee "$reports/$suite.log"
else
  # What a server sends is printed too, and must not be a command for the runner.
  resume="resume-$RANDOM$RANDOM$RANDOM$RANDOM"
  echo "::stop-commands::$resume"
  connectmock "$suite" run --ledger "$RUNNER_TEMP/connectmock/$suite-ledger.jsonl" \
    --report "junit=$reports/$suite.xml" --report "json=$reports/$suite.json" \
    --report "markdown=$reports/$suite.md" --report "html=$reports/$suite.html" \
    --report "github=$reports/$suite.annotations" "$@" 2>&1 | tee "$reports/$suite.log" || code=$?
  echo "::$resume::"
fi
{
  echo "exit-code=$code"
  echo "reports=$reports"
} >>"$GITHUB_OUTPUT"

if [ -f "$reports/$suite.md" ] && [ -f "$reports/$suite.annotations" ]; then
  cat "$reports/$suite.annotations"
  cat "$reports/$suite.md" >>"$GITHUB_STEP_SUMMARY"
else # an input that its flag refuses, say
  echo "::error title=$suite::Nothing was tested: the summary of the job says why"
  {
    printf '## 💥 %s: nothing was tested\n\n' "$suite"
    sed 's/^/    /' "$reports/$suite.log"
    printf '\nCorrect that and run the job again. CONNECTMOCK_RUN_TIMEOUT is the input run-timeout, and so on.\n'
  } >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
