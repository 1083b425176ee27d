
# Findings about the plan.
findings-heading = What needs another look in the plan
findings-none = The numbers of the plan agree; nothing needs a decision.
findings-count = { $errors } cannot all be met, { $warnings } need a decision, { $notes } worth knowing; each stands beside its target.
findings-quiet = { $quiet } were accepted until a day.
findings-all-codes = All codes
finding-decision = Decision needed:
finding-also = Also about:
finding-figures = Rests on published figures: { $figures }.
finding-help = What this code means
finding-accepted = accepted until { $day }
finding-accepted-ended = The acceptance ended on { $day }.
finding-accepted-why = Why it was accepted: { $reason }. Answerable: { $owner }.
severity-error = Cannot all be met
severity-warning = Needs a decision
severity-note = Worth knowing
error-no-code = There is no code “{ $id }”.
