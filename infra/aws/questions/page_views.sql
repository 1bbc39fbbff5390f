-- Pages that were looked at, by day and kind; machines that say so are left out.
SELECT day,
       regexp_extract(uri, '^/(?:en/)?(@|films/|[^/]*)', 1) AS page,
       count(*) AS views
FROM edge_{env}
WHERE day >= date_format(current_date - interval '30' day, '%Y-%m-%d')
  AND method = 'GET'
  AND status IN (200, 304)
  AND content_type LIKE 'text/html%'
  AND NOT regexp_like(lower(agent), 'bot|crawl|spider|preview')
GROUP BY 1, 2
ORDER BY day DESC, views DESC
