-- What went wrong in the last seven days: how often, when last, and one request of each to follow.
SELECT logger, event, count(*) AS times, max("timestamp") AS last, max_by(trace_id, "timestamp") AS trace_id
FROM app_{env}
WHERE day >= date_format(current_date - interval '7' day, '%Y-%m-%d')
  AND level IN ('error', 'critical')
GROUP BY 1, 2
ORDER BY times DESC
