-- Who is told of what is filed, and what became of telling them. Apart from the ledger: it can be changed and forgotten.

CREATE TABLE webhook (
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    url TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    kinds TEXT NOT NULL,
    made_at TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE webhook_delivery (
    id TEXT NOT NULL,
    webhook TEXT NOT NULL,
    position BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_second BIGINT NOT NULL,
    answer BIGINT,
    failure TEXT,
    done_at TEXT,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX webhook_delivery_position ON webhook_delivery (webhook, "position");
CREATE INDEX webhook_delivery_due ON webhook_delivery (state, due_second);
