//! Formulas: an SQL-expression subset over the facts, parsed with places and typed against the catalogue.
