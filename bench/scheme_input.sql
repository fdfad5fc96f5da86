SELECT
  printf('91%06d%010d', 320000 + i % 97, i) AS uscc,
  '企业' || i AS name,
  'd' || (hash(i) % 97) AS district,
  printf('%02d', 13 + hash(i + 1) % 34) AS industry,
  printf('%02d%02d', 13 + hash(i + 1) % 34, 10 + i % 60) AS industry_code,
  DATE '1990-01-01' + CAST(hash(i + 2) % 12000 AS INTEGER) AS registered_on,
  hash(i + 3) % 10 < 3 AS above_scale,
  CAST(hash(i + 4) % 40 AS DECIMAL(4, 0)) AS years_in_production,
  CASE WHEN hash(i + 5) % 100 < 7 THEN NULL
       ELSE CAST(1 + (hash(i + 6 + {year}) % 400000) / 4000.0 AS DECIMAL(20, 4)) END AS land_mu,
  CASE WHEN hash(i + 7) % 100 < 5 THEN NULL
       ELSE CAST(1000 + (hash(i + 8 + {year}) % 900000000) / 10.0 AS DECIMAL(18, 2)) END AS tax_paid,
  CASE WHEN hash(i + 9) % 100 < 5 THEN NULL
       ELSE CAST(9000 + (hash(i + 10 + {year}) % 9000000000) / 10.0 AS DECIMAL(18, 2)) END AS invoiced_sales,
  CASE WHEN hash(i + 11) % 100 < 12 THEN NULL
       ELSE CAST(1 + (hash(i + 12 + {year}) % 80000000) / 10000.0 AS DECIMAL(18, 4)) END AS energy,
  CASE WHEN hash(i + 13) % 100 < 4 THEN NULL
       ELSE CAST(1 + (hash(i + 14 + {year}) % 40000000) / 10000.0 AS DECIMAL(18, 4)) END AS electricity
FROM range({rows}) AS r(i)
