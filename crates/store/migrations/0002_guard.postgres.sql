-- A guard against accident: the ledger takes no change but a new filing.

CREATE FUNCTION ledger_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a filing in the ledger is never changed or removed';
END
$$;

CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
FOR EACH STATEMENT EXECUTE FUNCTION ledger_stays();

CREATE TRIGGER ledger_no_delete BEFORE DELETE OR TRUNCATE ON ledger
FOR EACH STATEMENT EXECUTE FUNCTION ledger_stays();
