-- Counts and percentiles of one hour of one probe, from exported observations alone.
--
-- It finds observations (columns of `vigie export observations`) and answers(probe, vantage, since, failure, number) and
-- durations(probe, vantage, since, percent, said_us), as published, `since` in microseconds since 1970 UTC; and leaves
-- counts_compared and percentiles_compared. A percentile is exact here: the duration of rank ⌈percent · n / 100⌉ of the good
-- and the merely slow answers.

CREATE OR REPLACE TABLE asked_again AS
SELECT probe, vantage, epoch_us("at") // 3600000000 * 3600000000 AS since, coalesce(failure, '') AS failure,
       health IN ('up', 'slow') AS timed, round(took_ms * 1000)::BIGINT AS took_us
FROM observations;

CREATE OR REPLACE TABLE counts_compared AS
WITH here AS (SELECT probe, vantage, since, failure, count(*) AS mine FROM asked_again GROUP BY ALL)
SELECT 'answers' AS what, concat_ws('/', probe, vantage, since, failure) AS of, mine, number AS published
FROM here FULL JOIN answers USING (probe, vantage, since, failure);

CREATE OR REPLACE TABLE percentiles_compared AS
WITH ranked AS (
  SELECT probe, vantage, since, took_us, row_number() OVER series AS place, count(*) OVER (PARTITION BY probe, vantage, since) AS number
  FROM asked_again WHERE timed WINDOW series AS (PARTITION BY probe, vantage, since ORDER BY took_us)
), here AS (
  SELECT probe, vantage, since, percent, took_us AS mine
  FROM ranked, (VALUES (50), (95), (99)) AS asked(percent) WHERE place = (percent * number + 99) // 100
)
SELECT 'percentile' AS what, concat_ws('/', probe, vantage, since, percent) AS of, mine, said_us AS published
FROM here FULL JOIN durations USING (probe, vantage, since, percent);
