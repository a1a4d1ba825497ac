-- purpose: Record how far a run is, or how it ended.
-- params: run_id, updated_utc, ended_utc (NULL: goes on), outcome, planned, done, failed, device (NULL: keep), message
-- returns: nothing
UPDATE runs SET
    updated_utc = $updated_utc,
    ended_utc = $ended_utc,
    outcome = $outcome,
    planned = $planned,
    done = $done,
    failed = $failed,
    device = coalesce($device, device),
    message = $message
WHERE run_id = $run_id;
