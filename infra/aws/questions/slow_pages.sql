-- What took longest to answer since yesterday, by kind of address: numbers and names are put together.
SELECT regexp_replace(regexp_replace(path, '[0-9]+', 'N'), '@[a-z0-9_]+', '@handle') AS page,
       count(*) AS requests,
       round(approx_percentile(ms, 0.5)) AS median_ms,
       round(approx_percentile(ms, 0.95)) AS p95_ms,
       round(max(ms)) AS longest_ms
FROM app_{env}
WHERE day >= date_format(current_date - interval '1' day, '%Y-%m-%d')
  AND event = 'request'
GROUP BY 1
HAVING count(*) >= 10
ORDER BY p95_ms DESC
LIMIT 50
