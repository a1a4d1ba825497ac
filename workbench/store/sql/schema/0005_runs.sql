-- Runs say under which settings they make images, so that one can be shown whole and repeated.

ALTER TABLE runs ADD COLUMN settings_id VARCHAR;
COMMENT ON COLUMN runs.settings_id IS 'Settings of the images that a generate run makes; NULL: it makes none, or is older than this column.';
