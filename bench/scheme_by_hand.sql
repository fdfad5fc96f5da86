-- The scheme js_huaian_2024 for the year 2024, as an analyst would write it for DuckDB.
COPY (
WITH now AS (
  SELECT
    uscc, name, district, industry,
    CASE WHEN above_scale THEN 'above' WHEN NOT above_scale THEN 'below' END AS part,
    CASE
      WHEN registered_on > DATE '2024-12-31' THEN 1
      WHEN (above_scale OR land_mu >= 3) IS NULL THEN 2
      WHEN NOT (above_scale OR land_mu >= 3) THEN 3
      WHEN industry_code LIKE '44%' OR industry_code LIKE '45%' OR industry_code LIKE '46%' THEN 4
      WHEN years_in_production < 2 THEN 5
      WHEN above_scale IS NULL THEN 6
      WHEN district IS NULL THEN 7
      ELSE 0
    END AS standing,
    CASE WHEN (above_scale OR land_mu >= 3) IS NULL THEN concat_ws('、',
      CASE WHEN above_scale IS NULL THEN '是否规上' END,
      CASE WHEN land_mu IS NULL THEN '实际用地面积' END) END AS lacking,
    CASE WHEN (above_scale OR land_mu >= 3) IS NULL THEN concat_ws(', ',
      CASE WHEN above_scale IS NULL THEN 'above designated size' END,
      CASE WHEN land_mu IS NULL THEN 'land in use' END) END AS lacking_en,
    tax_paid::DOUBLE / nullif(land_mu::DOUBLE, 0) / 10000e0 AS value_tax_per_mu,
    invoiced_sales::DOUBLE / nullif(land_mu::DOUBLE, 0) / 10000e0 AS value_sales_per_mu,
    tax_paid::DOUBLE / nullif(CASE WHEN above_scale THEN energy::DOUBLE ELSE electricity::DOUBLE END, 0) / 10000e0
      AS value_green
  FROM read_parquet('{folder}/facts_2024.parquet')
), base AS (
  SELECT
    CASE WHEN above_scale THEN 'above' ELSE 'below' END AS part,
    district,
    sum(tax_paid) FILTER (land_mu > 0)::DOUBLE
      / sum(land_mu) FILTER (tax_paid IS NOT NULL AND land_mu > 0)::DOUBLE / 10000e0 * 2 AS base_tax_per_mu,
    sum(invoiced_sales) FILTER (land_mu > 0)::DOUBLE
      / sum(land_mu) FILTER (invoiced_sales IS NOT NULL AND land_mu > 0)::DOUBLE / 10000e0 * 2 AS base_sales_per_mu,
    CASE WHEN above_scale
      THEN sum(tax_paid) FILTER (energy > 0)::DOUBLE
        / sum(energy) FILTER (tax_paid IS NOT NULL AND energy > 0)::DOUBLE
      ELSE sum(tax_paid) FILTER (electricity > 0)::DOUBLE
        / sum(electricity) FILTER (tax_paid IS NOT NULL AND electricity > 0)::DOUBLE
    END / 10000e0 * 2 AS base_green
  FROM read_parquet('{folder}/facts_2023.parquet')
  WHERE registered_on <= DATE '2023-12-31' AND (above_scale OR land_mu >= 3)
    AND NOT (industry_code LIKE '44%' OR industry_code LIKE '45%' OR industry_code LIKE '46%')
    AND years_in_production >= 2 AND above_scale IS NOT NULL AND district IS NOT NULL
  GROUP BY above_scale, district
), pointed AS (
  SELECT now.*, base_tax_per_mu, base_sales_per_mu, base_green,
    CASE WHEN value_tax_per_mu / base_tax_per_mu * 45 < 0 THEN 0
      ELSE value_tax_per_mu / base_tax_per_mu * 45 END AS raw_tax_per_mu,
    CASE WHEN value_sales_per_mu / base_sales_per_mu * 35 < 0 THEN 0
      ELSE value_sales_per_mu / base_sales_per_mu * 35 END AS raw_sales_per_mu,
    CASE WHEN value_green / base_green * 20 < 0 THEN 0
      ELSE value_green / base_green * 20 END AS raw_green
  FROM now LEFT JOIN base USING (part, district)
), average AS (
  SELECT part, district,
    (sum(floor(raw_tax_per_mu)::DECIMAL(38, 0))::DOUBLE
      + sum(round((raw_tax_per_mu - floor(raw_tax_per_mu)) * 1e12)::DECIMAL(13, 0))::DOUBLE / 1e12)
      / nullif(count(raw_tax_per_mu), 0) AS mean_tax_per_mu,
    (sum(floor(raw_sales_per_mu)::DECIMAL(38, 0))::DOUBLE
      + sum(round((raw_sales_per_mu - floor(raw_sales_per_mu)) * 1e12)::DECIMAL(13, 0))::DOUBLE / 1e12)
      / nullif(count(raw_sales_per_mu), 0) AS mean_sales_per_mu,
    (sum(floor(raw_green)::DECIMAL(38, 0))::DOUBLE
      + sum(round((raw_green - floor(raw_green)) * 1e12)::DECIMAL(13, 0))::DOUBLE / 1e12)
      / nullif(count(raw_green), 0) AS mean_green
  FROM pointed WHERE standing = 0 GROUP BY part, district
), scored AS (
  SELECT pointed.*,
    CASE WHEN standing = 0 THEN coalesce(raw_tax_per_mu, mean_tax_per_mu, 0) END AS points_tax_per_mu,
    CASE WHEN standing = 0 THEN coalesce(raw_sales_per_mu, mean_sales_per_mu, 0) END AS points_sales_per_mu,
    CASE WHEN standing = 0 THEN coalesce(raw_green, mean_green, 0) END AS points_green,
    CASE WHEN standing <> 0 THEN NULL WHEN raw_tax_per_mu IS NOT NULL THEN 'scored'
      WHEN mean_tax_per_mu IS NOT NULL THEN 'group_average'
      WHEN value_tax_per_mu IS NOT NULL THEN 'no_base' ELSE 'zero' END AS how_tax_per_mu,
    CASE WHEN standing <> 0 THEN NULL WHEN raw_sales_per_mu IS NOT NULL THEN 'scored'
      WHEN mean_sales_per_mu IS NOT NULL THEN 'group_average'
      WHEN value_sales_per_mu IS NOT NULL THEN 'no_base' ELSE 'zero' END AS how_sales_per_mu,
    CASE WHEN standing <> 0 THEN NULL WHEN raw_green IS NOT NULL THEN 'scored'
      WHEN mean_green IS NOT NULL THEN 'group_average'
      WHEN value_green IS NOT NULL THEN 'no_base' ELSE 'zero' END AS how_green
  FROM pointed LEFT JOIN average USING (part, district)
), ranked AS (
  SELECT *,
    round(points_tax_per_mu + points_sales_per_mu + points_green, 9) AS total,
    count(*) OVER (PARTITION BY standing = 0, part, district) AS n,
    row_number() OVER (
      PARTITION BY standing = 0, part, district
      ORDER BY round(points_tax_per_mu + points_sales_per_mu + points_green, 9) DESC,
        round(value_tax_per_mu, 9) DESC, round(value_sales_per_mu, 9) DESC, uscc
    ) AS place
  FROM scored
)
SELECT
  uscc, name, 2024 AS year, district, industry, part,
  CASE standing WHEN 0 THEN 'rated' WHEN 1 THEN 'outside' WHEN 2 THEN 'undetermined' WHEN 3 THEN 'outside'
    WHEN 4 THEN 'exempt' WHEN 5 THEN 'exempt' ELSE 'undetermined' END AS status,
  CASE standing WHEN 1 THEN '评价年度内尚未成立' WHEN 2 THEN '缺少：' || lacking WHEN 3 THEN '不在参评范围'
    WHEN 4 THEN '水、电、气资源要素供给企业' WHEN 5 THEN '投产不到 2 年的新办企业'
    WHEN 6 THEN '缺少：是否规上' WHEN 7 THEN '缺少：所属区县' END AS reason,
  CASE standing WHEN 1 THEN 'not yet founded' WHEN 2 THEN 'unknown: ' || lacking_en
    WHEN 3 THEN 'not in the population' WHEN 4 THEN 'supplier of water, electricity or gas'
    WHEN 5 THEN 'less than two years in production' WHEN 6 THEN 'unknown: above designated size'
    WHEN 7 THEN 'unknown: District' END AS reason_en,
  value_tax_per_mu, base_tax_per_mu, points_tax_per_mu, how_tax_per_mu,
  value_sales_per_mu, base_sales_per_mu, points_sales_per_mu, how_sales_per_mu,
  value_green, base_green, points_green, how_green,
  total,
  CASE WHEN standing = 0 THEN n END::INTEGER AS ranked,
  CASE WHEN standing = 0 THEN place END::INTEGER AS rank,
  CASE WHEN standing <> 0 THEN NULL
    WHEN place <= (2 * n * 20 + 100) // 200 THEN 'A'
    WHEN place <= (2 * n * 60 + 100) // 200 THEN 'B'
    WHEN place <= (2 * n * 95 + 100) // 200 THEN 'C'
    ELSE 'D' END AS grade
FROM ranked
ORDER BY uscc
) TO '{folder}/by_hand.parquet' (FORMAT PARQUET, COMPRESSION ZSTD, ROW_GROUP_SIZE 122880)
