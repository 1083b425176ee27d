
# Views of a list that are kept.
views-kept = Kept views
views-keep = Keep this view
views-name = Name of the view
views-save = Keep
views-drop = Drop the view “{ $name }”
views-back = Back to the list
views-fault = The view was not kept.
views-fault-name = A view needs a name of at most 60 letters on one line.
views-fault-many = An account keeps at most 60 views; drop one that is not needed.
views-fault-list = Views of this list cannot be kept.
