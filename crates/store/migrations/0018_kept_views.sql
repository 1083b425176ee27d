-- Views of lists that people keep under a name of their own. They are nobody's filing: rebuilding leaves them alone.

CREATE TABLE kept_view (
    account TEXT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    PRIMARY KEY (account, path, name)
);
