//! The migrations, applied to an empty database, come to `schema.sql`, on both databases alike.

use std::fmt::Write as _;

use hoptac_testkit::both_databases;
use hoptac_testkit::database::TestDatabase;
use sqlx::{AnyConnection, Row as _};

both_databases! { all_migrations_come_to_the_schema }

async fn all_migrations_come_to_the_schema(database: &TestDatabase) {
    database.store().await.close().await;
    let mut connection = database.connection().await;
    let text = describe(&mut connection, database.is_sqlite()).await;
    let want = include_str!("../schema.sql");
    assert!(text == want, "schema.sql should read:\n{text}");
}

/// Tables with their columns and keys, indexes and triggers, by name, as one text for both databases.
async fn describe(connection: &mut AnyConnection, sqlite: bool) -> String {
    let mut text = "-- The whole schema, as the migrations leave it. A test compares it with both databases.\n".to_owned();
    let tables = if sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
    } else {
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    };
    for table in list(connection, tables, None).await {
        let table = &table[0];
        let columns = if sqlite {
            "SELECT name, type, CASE \"notnull\" WHEN 1 THEN ' NOT NULL' ELSE '' END \
             FROM pragma_table_info($1) ORDER BY cid"
        } else {
            "SELECT CAST(column_name AS TEXT), upper(data_type), \
             CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END \
             FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position"
        };
        let keys = if sqlite {
            "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk"
        } else {
            "SELECT CAST(a.attname AS TEXT) FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(n, o), \
             pg_attribute a WHERE i.indrelid = CAST(CAST($1 AS TEXT) AS regclass) AND i.indisprimary \
             AND a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.o"
        };
        write!(text, "\nCREATE TABLE {table} (").unwrap();
        for column in list(connection, columns, Some(table)).await {
            write!(text, "\n    {} {}{},", column[0], column[1], column[2]).unwrap();
        }
        let keys: Vec<String> = list(connection, keys, Some(table))
            .await
            .into_iter()
            .map(|key| key[0].clone())
            .collect();
        writeln!(text, "\n    PRIMARY KEY ({})\n);", keys.join(", ")).unwrap();
    }
    let indexes = if sqlite {
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
    } else {
        "SELECT replace(replace(indexdef, 'public.', ''), ' USING btree', '') FROM pg_indexes \
         WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' ORDER BY indexname"
    };
    text.push('\n');
    for index in list(connection, indexes, None).await {
        writeln!(text, "{};", index[0]).unwrap();
    }
    let triggers = if sqlite {
        "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    } else {
        "SELECT CAST(CAST(tgrelid AS regclass) AS TEXT), CAST(tgname AS TEXT) FROM pg_trigger \
         WHERE NOT tgisinternal ORDER BY tgname"
    };
    text.push('\n');
    for trigger in list(connection, triggers, None).await {
        writeln!(text, "-- {} has the trigger {}.", trigger[0], trigger[1]).unwrap();
    }
    text
}

async fn list(
    connection: &mut AnyConnection,
    sql: &'static str,
    parameter: Option<&str>,
) -> Vec<Vec<String>> {
    let mut query = sqlx::query(sql);
    if let Some(parameter) = parameter {
        query = query.bind(parameter);
    }
    let rows = query.fetch_all(connection).await.unwrap();
    rows.iter().map(|row| (0..row.len()).map(|i| row.try_get(i).unwrap()).collect()).collect()
}
