
# Outlines of units.
boundaries-heading = Outlines on the map
boundaries-under = Outlines of provinces, districts and communes from a GeoJSON file of the office; each loading is a filing in the ledger.
boundaries-file-help = A FeatureCollection with polygons in degrees of WGS 84. Each feature gives the code of its unit (code, ma, ma_xa), or its name where it has none. The file is kept until the end of tomorrow to be looked over.
boundaries-loaded = Loadings that hold
boundaries-none = No outlines were loaded; the map draws each unit as a circle.
boundaries-added = New
boundaries-changed = Changed
boundaries-units = Units with an outline
boundaries-undo = Take back the loading { $file }
boundaries-undo-help = The outlines before this loading hold again. The ledger keeps both filings.
boundaries-sums = { $added } units get an outline, { $changed } get another, { $left } features are left out.
boundaries-accept = Load the outlines
boundaries-nothing = The file changes the outline of no unit.
boundaries-feature = Feature of the file
boundaries-unit = Unit
boundaries-fate = What becomes of it
boundaries-fate-new = A first outline
boundaries-fate-changed = Another outline
boundaries-fate-same = As it is
