import { writtenDatasets } from '../../appliance/wire/datasets.ts'
import type { Database } from '../base/database.ts'
import type { DatasetRow, Standing } from './views.ts'

type Row = Omit<Standing, 'version' | 'at'> & { dataset: string; version: string; at: Date }

/** Of every dataset that somebody writes, also of one that was never published. */
export async function listStanding(database: Database): Promise<DatasetRow[]> {
  const { rows } = await database.query<Row>(selectStanding)
  return writtenDatasets.map((dataset) => {
    const row = rows.find((one) => one.dataset === dataset)
    if (!row) return { dataset, newest: null }
    const { dataset: _, version, at, ...newest } = row
    return { dataset, newest: { ...newest, version: Number(version), at: at.getTime() } }
  })
}

const selectStanding = {
  name: 'select-dataset-standing',
  text: `
    SELECT v.dataset, v.version, v.at, v.doer, v.note, v.places, o.offered, o.have, o.troubles,
      (
        SELECT count(*)::int
        FROM village
        WHERE valid_to IS NULL AND (v.places = '{}' OR village = ANY (v.places) OR left(village, 6) = ANY (v.places))
      ) AS meant
    FROM (SELECT dataset, max(version) AS version FROM dataset_version GROUP BY dataset) AS newest
    JOIN dataset_version v USING (dataset, version)
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS offered, count(*) FILTER (WHERE s.current = v.version)::int AS have,
        coalesce(
          json_agg(json_build_object('village', o.village, 'name', coalesce(n.name, o.village), 'why', s.why) ORDER BY o.village)
            FILTER (WHERE s.refused = v.version AND s.current IS DISTINCT FROM v.version),
          '[]'
        ) AS troubles
      FROM dataset_offer o
      LEFT JOIN dataset_state s ON s.village = o.village AND s.dataset = o.dataset
      LEFT JOIN village n ON n.village = o.village AND n.valid_to IS NULL
      WHERE o.dataset = v.dataset AND o.version = v.version
    ) o`,
}
