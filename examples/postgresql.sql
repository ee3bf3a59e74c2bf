-- Records in PostgreSQL 12 or newer: makes the table and its views where they are missing, and puts in the records that come on
-- standard input, a later state of a document in place of an earlier one. docs/postgresql.md says how; needs psql.
--
--   gangwei export output -f jsonl -o - | psql -v ON_ERROR_STOP=1 -d hr -f examples/postgresql.sql
--
-- Documents are told apart by their names. For records of sub-folders, which may bear the same names, load each folder under
-- a name of its own: psql -v folder=财务/

\if :{?folder} \else \set folder '' \endif
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS gangwei;
SET LOCAL search_path = gangwei, public;

CREATE TABLE IF NOT EXISTS records (
    document text PRIMARY KEY,
    record jsonb NOT NULL,
    loaded timestamptz NOT NULL DEFAULT now()
);

-- A role, with what stands in its profile, how it must be schooled and its occupation; the text of the record is in the other views.
CREATE OR REPLACE VIEW roles AS
SELECT document,
       document || '#' || n AS role,
       role ->> 'title' AS title,
       (role ->> 'confidence')::float AS confidence,
       role #>> '{profile,department}' AS department,
       role #>> '{profile,reports_to}' AS reports_to,
       role #>> '{qualifications,education,min_level}' AS education,
       role AS data,
       role #>> '{occupation,code}' AS occupation_code,
       role #>> '{occupation,name}' AS occupation
FROM records, jsonb_array_elements(record -> 'roles') WITH ORDINALITY AS each (role, n);

-- Duties, requirements and qualities, in the order of the document.
CREATE OR REPLACE VIEW entries AS
SELECT document, role, title, kind, position,
       entry ->> 'text' AS text,
       (entry ->> 'confidence')::float AS confidence,
       (entry #>> '{span,start}')::int AS span_start,
       (entry #>> '{span,end}')::int AS span_end
FROM roles,
     (VALUES ('duties'), ('requirements'), ('qualities')) AS kinds (kind),
     jsonb_array_elements(data -> kind) WITH ORDINALITY AS each (entry, position);

CREATE OR REPLACE VIEW skills AS
SELECT document, role, title,
       skill ->> 'name' AS name,
       skill ->> 'level' AS level,
       (skill ->> 'preferred')::boolean AS preferred
FROM roles, jsonb_array_elements(data #> '{qualifications,skills}') AS skill;

CREATE OR REPLACE VIEW experience AS
SELECT document, role, title,
       asked ->> 'field' AS field,
       (asked ->> 'min_years')::float AS min_years,
       (asked ->> 'max_years')::float AS max_years,
       (asked ->> 'preferred')::boolean AS preferred
FROM roles, jsonb_array_elements(data #> '{qualifications,experience}') AS asked;

-- Corrections, and suggestions that were left alone (made is false).
CREATE OR REPLACE VIEW changes AS
SELECT document, made,
       change ->> 'original' AS original,
       change ->> 'replacement' AS replacement,
       change ->> 'category' AS category,
       (change ->> 'confidence')::float AS confidence,
       (change #>> '{span,start}')::int AS span_start
FROM records,
     (VALUES ('corrections', true), ('suggestions', false)) AS lists (list, made),
     jsonb_array_elements(record -> list) AS change;

-- One column, whole lines: neither of these characters occurs in JSON.
CREATE TEMPORARY TABLE incoming (record jsonb) ON COMMIT DROP;
\copy incoming FROM pstdin WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

-- Two documents of one name are an error, not one document.
INSERT INTO records (document, record)
SELECT :'folder' || (record #>> '{source,name}'), record FROM incoming
ON CONFLICT (document) DO UPDATE SET record = excluded.record, loaded = now()
WHERE records.record <> excluded.record;
COMMIT;
