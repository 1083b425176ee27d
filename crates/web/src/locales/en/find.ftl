
# Finding, and the page of components.
find = Find
find-heading = Find
find-what = Find pages, targets, places, organisations
find-pages = Pages
find-targets = Targets
find-places = Places
find-until = until { $day }
find-nothing = Nothing fits “{ $text }”. Names can be typed without marks and abbreviated.
design-heading = Components
design-under = Every specimen is drawn by the functions that draw the pages; it follows light, dark, high contrast and print.
design-colour = Colour
design-type = Type
design-standing = Standings and the strip
design-bullet = The bullet and the spark
design-table = Table
design-filter = Filter bar
design-form = Form
design-timeline = Timeline
design-map = Map
design-dialog = Palette and notice
design-dialog-how = Open the palette with
design-toast = The correction was saved.
design-empty = When there is nothing
design-caution = Cautions
design-error = Error page
design-error-see = See an error page with a way on
