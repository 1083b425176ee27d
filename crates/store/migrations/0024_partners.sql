-- Whoever gets a code may be named by it in contracts that are there already.
CREATE INDEX link_partner ON link (partner);
