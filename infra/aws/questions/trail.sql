-- Everything about one request: put its trace_id below. The load balancer writes it as Root=1-XXXXXXXX-….
SELECT "timestamp" AS at, 'app' AS told_by, coalesce(event, '') AS what, coalesce(task, path) AS of_what, status, ms
FROM app_{env}
WHERE day >= date_format(current_date - interval '3' day, '%Y-%m-%d')
  AND trace_id = '00000000000000000000000000000000'
UNION ALL
SELECT time, 'balancer', request, target, try_cast(status AS integer), 1000 * try_cast(target_seconds AS double)
FROM balancer_{env}
WHERE day >= date_format(current_date - interval '3' day, '%Y/%m/%d')
  AND replace(regexp_extract(trace, 'Root=1-([0-9a-f]+-[0-9a-f]+)', 1), '-', '') = '00000000000000000000000000000000'
ORDER BY at
