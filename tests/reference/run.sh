#!/bin/sh
# Rerun the R scripts that write the reference numbers (R with survey and jsonlite).
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
for script in association calibrated calibrated_totals changes designs estimates estimators \
    regression replicates rest tables tests trim weighting; do
    Rscript "$folder/$script.R" "$folder"
done
exports="$folder/../../../shared/exports/r_survey"
if [ -d "$exports" ]; then
    for script in api calibrate exports regression_api; do
        Rscript "$folder/$script.R" "$folder" "$exports"
    done
else
    echo "skipped api.R, calibrate.R, exports.R, regression_api.R: no folder ../shared/exports/r_survey"
fi
answers=$(mktemp -d)
trap 'rm -r "$answers"' EXIT
"${PYTHON:-$folder/../../.venv/bin/python}" "$folder/study_data.py" "$answers"
Rscript "$folder/study.R" "$folder" "$answers"
