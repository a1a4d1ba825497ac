-- purpose: What was counted in one file by one measure.
-- params: file_id, measure
-- returns: CaptionCount
SELECT * FROM caption_counts WHERE file_id = $file_id AND measure = $measure ORDER BY qid;
