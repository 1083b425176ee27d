-- What was filed about tasks and alerts, filing by filing: what the plan orders among it. They are few, and are folded when
-- they are read.

CREATE TABLE task_filing (
    task TEXT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    actor TEXT NOT NULL,
    step TEXT NOT NULL,
    contents TEXT NOT NULL,
    PRIMARY KEY (task, position)
);

CREATE TABLE alert_filing (
    alert TEXT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    actor TEXT NOT NULL,
    step TEXT NOT NULL,
    contents TEXT NOT NULL,
    PRIMARY KEY (alert, position)
);
