-- Every figure of one document of `vigie availability --format json`, counted again from exported rows alone.
--
-- An implementation of docs/method.md ("Availability", "Parts of a period", "Outages", "Comparing two periods") that shares
-- nothing with monitor/: DuckDB, no line of Python. It finds:
--   doc(j)          the document, from which it takes what was asked, the weights and the declared windows, and what to compare
--   spans_file      `vigie export spans --raw`, all columns as text
--   incidents_file  `vigie export incidents --raw`, all columns as text
--   calendar(territory, timezone, day, school_day)    `vigie calendar show CODE --format json`
-- and leaves compared(what, of, mine, published): a row a figure. Instants are microseconds since 1970 UTC.

CREATE OR REPLACE TABLE asked AS
SELECT epoch_us((j->>'from')::TIMESTAMPTZ) AS since, epoch_us((j->>'to')::TIMESTAMPTZ) AS until,
       epoch_us((j->>'known_until')::TIMESTAMPTZ) AS known, j->>'by' AS divided, j->'weighted'->>'territory' AS place
FROM doc;

CREATE OR REPLACE TABLE periods AS
SELECT 'now' AS period, since, until FROM asked
UNION ALL
SELECT 'before', epoch_us((j->'against'->>'from')::TIMESTAMPTZ), epoch_us((j->'against'->>'to')::TIMESTAMPTZ)
FROM doc WHERE j->>'against' IS NOT NULL;

CREATE OR REPLACE TABLE services AS
SELECT s->>'service' AS service, s->>'timezone' AS timezone, s AS published,
       list_append(from_json(s->'formerly', '["VARCHAR"]'), s->>'service') AS names,
       CASE WHEN place IS NULL THEN from_json(s->'territories', '["VARCHAR"]') ELSE [place] END AS places
FROM (SELECT unnest((j->'services')::JSON[]) AS s FROM doc), asked;

-- The verdict in force has no end: it speaks until the last evaluation of the monitor.
CREATE OR REPLACE TABLE spans AS
SELECT * FROM (
  SELECT v.service, f.service AS called, f.health, f.failure, epoch_us(f.since::TIMESTAMPTZ) AS since,
         coalesce(epoch_us(f.until::TIMESTAMPTZ), known) AS until,
         list_position(['unknown', 'up', 'slow', 'maintenance', 'restricted', 'waiting', 'down'], f.health) AS severity
  FROM spans_file f JOIN services v ON list_contains(v.names, f.service), asked WHERE f.probe IS NULL
) WHERE since < until;

CREATE OR REPLACE TABLE windows AS
SELECT service, epoch_us((c->>'since')::TIMESTAMPTZ) AS since, epoch_us((c->>'until')::TIMESTAMPTZ) AS until
FROM (SELECT unnest(from_json(w->'services', '["VARCHAR"]')) AS service, w
      FROM (SELECT unnest((j->'windows')::JSON[]) AS w FROM doc)), LATERAL (SELECT unnest((w->'covers')::JSON[]) AS c);

-- Monday, Tuesday, Thursday, Friday 7:30 to 18:00, Wednesday 7:30 to 13:00, local time, on days with class, in any of the
-- service's places; in half hours since 1970.
CREATE OR REPLACE TABLE school AS
WITH days AS (
  SELECT DISTINCT service, c.timezone, day
  FROM (SELECT service, unnest(places) AS territory FROM services) JOIN calendar c USING (territory) WHERE school_day
), stretches AS (
  SELECT service, epoch_us(timezone(timezone, day + TIME '07:30')) // 1800000000 AS opens,
         epoch_us(timezone(timezone, day + CASE isodow(day) WHEN 3 THEN TIME '13:00' ELSE TIME '18:00' END)) // 1800000000 AS ends
  FROM days
)
SELECT DISTINCT service, unnest(range(opens, ends)) AS slot FROM stretches;

-- Within a piece nothing changes: not the state, not a window, not the half hour of any clock of France, at which parts and
-- school hours begin and end.
CREATE OR REPLACE TABLE pieces AS
WITH edges AS (
  SELECT service, period, unnest(range(since // 1800000000 * 1800000000, until + 1, 1800000000)) AS edge FROM services, periods
  UNION SELECT service, period, unnest([since, until]) FROM services, periods
  UNION SELECT service, period, unnest([s.since, s.until]) FROM spans s, periods
  UNION SELECT service, period, unnest([w.since, w.until]) FROM windows w, periods
)
SELECT service, period, edge AS first, lead(edge) OVER (PARTITION BY service, period ORDER BY edge) AS last
FROM edges JOIN periods USING (period) WHERE edge BETWEEN since AND until
QUALIFY last IS NOT NULL;

CREATE OR REPLACE TABLE said AS
WITH states AS (
  -- Where two spans overlap, the one that began later counts; of two that began together, the worse.
  SELECT p.service, p.period, p.first, p.last,
         arg_max({'health': s.health, 'failure': s.failure, 'called': s.called, 'severity': s.severity}, s.since * 8 + s.severity) AS said
  FROM pieces p LEFT JOIN spans s ON s.service = p.service AND s.since <= p.first AND s.until > p.first
  GROUP BY ALL
), named AS (
  SELECT t.*, last - first AS lasts, v.timezone, v.places, make_timestamptz(first) AS instant,
         coalesce(said.health IN ('up', 'slow'), false) AS good,
         coalesce(said.health IN ('waiting', 'down', 'restricted', 'maintenance'), false) AS bad,
         EXISTS (SELECT 1 FROM windows w WHERE w.service = t.service AND w.since <= first AND w.until > first) AS declared
  FROM states t JOIN services v USING (service)
), timed AS (
  SELECT *, timezone(timezone, instant) AS wall, timezone('Europe/Paris', instant) AS paris FROM named
)
SELECT n.*, EXISTS (SELECT 1 FROM school c WHERE c.service = n.service AND c.slot = n.first // 1800000000) AS school,
       CASE divided
         WHEN 'month' THEN strftime(paris, '%Y-%m') WHEN 'day' THEN strftime(paris, '%Y-%m-%d')
         WHEN 'hour' THEN hour(wall)::VARCHAR WHEN 'weekday' THEN isodow(wall)::VARCHAR
         WHEN 'grid' THEN isodow(wall) || '-' || hour(wall)
       END AS part
FROM timed n, asked;

-- Part NULL is the whole period.
CREATE OR REPLACE TABLE counted AS
WITH lengths AS (
  SELECT service, period, hours, part,
         CASE WHEN good AND NOT declared THEN lasts ELSE 0 END AS good, CASE WHEN bad AND NOT declared THEN lasts ELSE 0 END AS bad,
         CASE WHEN declared THEN lasts ELSE 0 END AS declared, lasts
  FROM said, (VALUES ('all'), ('school')) AS kinds(hours) WHERE hours = 'all' OR school
), every_part AS (
  SELECT * FROM lengths WHERE part IS NOT NULL AND period = 'now'
  UNION ALL SELECT * REPLACE (NULL AS part) FROM lengths
  UNION ALL SELECT service, period, hours, NULL, 0, 0, 0, 0 FROM services, periods, (VALUES ('all'), ('school')) AS kinds(hours)
)
SELECT service, period, hours, part, sum(good)::BIGINT AS good, sum(bad)::BIGINT AS bad, sum(declared)::BIGINT AS declared,
       sum(lasts)::BIGINT AS whole
FROM every_part GROUP BY ALL;

CREATE OR REPLACE TABLE weights AS
SELECT name AS service, (j->'weighted'->'weights'->>name)::DOUBLE AS weight
FROM doc, LATERAL (SELECT unnest(json_keys(j->'weighted'->'weights')) AS name) WHERE j->>'weighted' IS NOT NULL;

-- Shares of one service, and (service '') of the territory: the sums of its services' times, each times its weight.
CREATE OR REPLACE TABLE shares AS
SELECT service, period, hours, part, good / nullif(good + bad, 0) AS availability, coalesce((good + bad) / nullif(whole, 0), 0) AS coverage,
       CASE WHEN good + bad > 0 THEN [service] ELSE [] END AS services, 1 AS weighing
FROM counted
UNION ALL
SELECT '', period, hours, part, sum(weight * good) / nullif(sum(weight * (good + bad)), 0),
       coalesce(sum(weight * (good + bad)) / nullif(sum(weight * whole), 0), 0),
       list_sort(coalesce(list(service) FILTER (weight > 0 AND good + bad > 0), [])), count(*) FILTER (weight > 0)
FROM counted JOIN weights USING (service) GROUP BY period, hours, part;

-- What was published, under the same names.
CREATE OR REPLACE TABLE published AS
WITH bodies AS (
  SELECT service, published AS body FROM services
  UNION ALL SELECT '', j->'weighted' FROM doc WHERE j->>'weighted' IS NOT NULL
)
SELECT service, NULL AS part, f->>'hours' AS hours, f FROM bodies, LATERAL (SELECT unnest((body->'figures')::JSON[]) AS f)
UNION ALL
SELECT service, coalesce(f->>'month', f->>'day', concat_ws('-', f->>'weekday', f->>'hour')), f->>'hours', f
FROM bodies, LATERAL (SELECT unnest((body->'parts')::JSON[]) AS f);

CREATE OR REPLACE TABLE comparisons AS
WITH bodies AS (
  SELECT service, published AS body FROM services
  UNION ALL SELECT '', j->'weighted' FROM doc WHERE j->>'weighted' IS NOT NULL
)
SELECT service, c->>'hours' AS hours, c
FROM bodies, LATERAL (SELECT unnest((body->'compared')::JSON[]) AS c) WHERE body->>'compared' IS NOT NULL;

CREATE OR REPLACE TABLE compared_again AS
SELECT service, hours, 100 * (n.availability - b.availability) AS points, b.availability AS availability_before,
       b.coverage AS coverage_before,
       CASE WHEN n.availability IS NULL OR b.availability IS NULL THEN ['nothing_counted'] ELSE list_filter([
         CASE WHEN least(n.coverage, b.coverage) < 0.5 - 1e-9 THEN 'little_coverage' END,
         CASE WHEN abs(n.coverage - b.coverage) > 0.2 + 1e-9 THEN 'coverage_apart' END,
         CASE WHEN n.services <> b.services THEN 'other_services' END,
         CASE WHEN (SELECT max(since) < min(until) FROM periods) THEN 'overlap' END
       ], lambda doubt: doubt IS NOT NULL) END AS doubts
FROM shares n JOIN shares b USING (service, hours)
WHERE n.period = 'now' AND b.period = 'before' AND n.part IS NULL AND b.part IS NULL;

-- Outages: unavailable without a break; what a window covers does not count, and does not end one.
CREATE OR REPLACE TABLE outages AS
WITH bad AS (
  SELECT *, coalesce(lag(last) OVER following <> first, true) AS begins FROM said WHERE bad AND period = 'now'
  WINDOW following AS (PARTITION BY service ORDER BY first)
), numbered AS (
  SELECT *, sum(begins::INT) OVER (PARTITION BY service ORDER BY first) AS number FROM bad
)
SELECT service, arg_min(said.called, first) AS called, min(first) AS since, max(last) AS until,
       sum(CASE WHEN declared THEN 0 ELSE lasts END)::BIGINT AS counted, max(said.severity) AS severity,
       arg_min(said.failure, first) FILTER (said.failure IS NOT NULL) AS failure
FROM numbered GROUP BY service, number HAVING counted > 0;

CREATE OR REPLACE TABLE longest AS
SELECT *, row_number() OVER (PARTITION BY service ORDER BY counted DESC, since, called) AS place FROM outages
UNION ALL
SELECT * REPLACE ('*' AS service), row_number() OVER (ORDER BY counted DESC, since, called) FROM outages;

CREATE OR REPLACE TABLE longest_published AS
WITH bodies AS (SELECT service, published->'outages' AS body FROM services UNION ALL SELECT '*', j->'outages' FROM doc)
SELECT service, (body->>'number')::INT AS number, generate_subscripts((body->'longest')::JSON[], 1) AS place,
       unnest((body->'longest')::JSON[]) AS o
FROM bodies;

-- Incidents that began in the period, but for our own line's and those that another one absorbed.
CREATE OR REPLACE TABLE incidents AS
SELECT id, epoch_us(opened_at::TIMESTAMPTZ) AS opened, epoch_us(confirmed_at::TIMESTAMPTZ) AS confirmed,
       epoch_us(recovered_at::TIMESTAMPTZ) AS recovered, string_split(services, ' ') AS held
FROM incidents_file, asked
WHERE culprit NOT LIKE 'vantage:%' AND absorbed_into IS NULL AND opened >= since AND opened < until;

CREATE OR REPLACE TABLE responses AS
WITH whose AS (
  SELECT DISTINCT v.service, i.* FROM incidents i JOIN services v ON list_has_any(v.names, i.held)
  UNION ALL SELECT DISTINCT '*', i.* FROM incidents i JOIN services v ON list_has_any(v.names, i.held)
)
SELECT o.service, count(id) AS number, count(recovered) AS recovered,
       round_even(avg(confirmed - opened), 0) / 1e6 AS detected_after_s, round_even(avg(recovered - opened), 0) / 1e6 AS recovered_after_s
FROM (SELECT service FROM services UNION ALL SELECT '*') o LEFT JOIN whose USING (service) GROUP BY ALL;

CREATE OR REPLACE TABLE responses_published AS
SELECT service, published->'incidents' AS r, (published->'outages'->>'number')::INT AS outages FROM services
UNION ALL SELECT '*', j->'incidents', (j->'outages'->>'number')::INT FROM doc;

-- A figure that one side alone has is a row with a NULL: no figure may be missing, and none may be too many.
CREATE OR REPLACE TABLE compared AS
WITH here AS (SELECT * FROM shares WHERE period = 'now'), times AS (SELECT * FROM counted WHERE period = 'now'),
named AS (
  SELECT coalesce(h.service, p.service) || '/' || coalesce(h.hours, p.hours) || '/' || coalesce(h.part, p.part, '') AS of, h.*, p.f
  FROM here h FULL JOIN published p ON h.service = p.service AND h.hours = p.hours AND h.part IS NOT DISTINCT FROM p.part
), timed AS (
  SELECT t.service || '/' || t.hours || '/' || coalesce(t.part, '') AS of, t.*, p.f
  FROM times t JOIN published p ON t.service = p.service AND t.hours = p.hours AND t.part IS NOT DISTINCT FROM p.part
)
SELECT 'availability' AS what, of, availability::DOUBLE AS mine, (f->>'availability')::DOUBLE AS published FROM named
UNION ALL SELECT 'coverage', of, coverage, (f->>'coverage')::DOUBLE FROM named
UNION ALL SELECT 'little', of, (coverage < 0.5 - 1e-9)::INT, (f->>'little')::BOOL::INT FROM named
UNION ALL SELECT 'available_s', of, good / 1e6, (f->>'available_s')::DOUBLE FROM timed
UNION ALL SELECT 'unavailable_s', of, bad / 1e6, (f->>'unavailable_s')::DOUBLE FROM timed
UNION ALL SELECT 'excluded_s', of, (whole - good - bad) / 1e6, (f->>'excluded_s')::DOUBLE FROM timed
UNION ALL SELECT 'declared_s', of, declared / 1e6, (f->>'declared_s')::DOUBLE FROM timed
UNION ALL SELECT 'services', of, weighing, (f->>'services')::INT FROM named WHERE service = ''
UNION ALL SELECT 'points', service || '/' || hours, a.points, (c->>'points')::DOUBLE FROM compared_again a FULL JOIN comparisons USING (service, hours)
UNION ALL SELECT 'availability_before', service || '/' || hours, a.availability_before, (c->>'availability_before')::DOUBLE FROM compared_again a FULL JOIN comparisons USING (service, hours)
UNION ALL SELECT 'coverage_before', service || '/' || hours, a.coverage_before, (c->>'coverage_before')::DOUBLE FROM compared_again a FULL JOIN comparisons USING (service, hours)
UNION ALL SELECT 'doubts', service || '/' || hours, 1, (a.doubts = from_json(c->'doubts', '["VARCHAR"]'))::INT FROM compared_again a FULL JOIN comparisons USING (service, hours)
UNION ALL SELECT 'incidents', service, a.number, (r->>'number')::INT FROM responses a FULL JOIN responses_published USING (service)
UNION ALL SELECT 'recovered', service, a.recovered, (r->>'recovered')::INT FROM responses a FULL JOIN responses_published USING (service)
UNION ALL SELECT 'detected_after_s', service, a.detected_after_s, (r->>'detected_after_s')::DOUBLE FROM responses a FULL JOIN responses_published USING (service)
UNION ALL SELECT 'recovered_after_s', service, a.recovered_after_s, (r->>'recovered_after_s')::DOUBLE FROM responses a FULL JOIN responses_published USING (service)
UNION ALL SELECT 'outages', service, (SELECT count(*) FROM outages o WHERE p.service IN (o.service, '*')), p.outages FROM responses_published p
UNION ALL SELECT 'outage counted_s', service || '/' || place, l.counted / 1e6, (o->>'counted_s')::DOUBLE
          FROM (SELECT * FROM longest WHERE place <= 3) l FULL JOIN longest_published p USING (service, place)
UNION ALL SELECT 'outage declared_s', service || '/' || place, (l.until - l.since - l.counted) / 1e6, (o->>'declared_s')::DOUBLE
          FROM (SELECT * FROM longest WHERE place <= 3) l FULL JOIN longest_published p USING (service, place)
UNION ALL SELECT 'outage', service || '/' || place, 1, (
            epoch_us((o->>'since')::TIMESTAMPTZ) = l.since AND epoch_us((o->>'until')::TIMESTAMPTZ) = l.until AND o->>'service' = l.called
            AND o->>'worst' = ['unknown', 'up', 'slow', 'maintenance', 'restricted', 'waiting', 'down'][l.severity]
            AND o->>'failure' IS NOT DISTINCT FROM l.failure)::INT
          FROM (SELECT * FROM longest WHERE place <= 3) l FULL JOIN longest_published p USING (service, place);
