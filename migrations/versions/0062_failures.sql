ALTER TABLE tags.tag ALTER COLUMN failure DROP DEFAULT;
ALTER TABLE tags.tag ALTER COLUMN failure DROP NOT NULL;
ALTER TABLE tags.tag ALTER COLUMN failure TYPE JSONB USING CASE WHEN failure <> '' THEN jsonb_build_object('code', 'tags.definition', 'detail', failure, 'facts', '{}'::jsonb) END;
COMMENT ON COLUMN tags.tag.failure IS 'why its last refresh did not end: code, sentence, facts';
UPDATE tags.run SET failures = (SELECT jsonb_object_agg(key, jsonb_build_object('code', 'tags.definition', 'detail', value, 'facts', '{}'::jsonb)) FROM jsonb_each_text(failures)) WHERE failures <> '{}';
