import type { Database } from '../base/database.ts'

/** How the newest version of a dataset stands in the regency. */
export type Standing = {
  dataset: string
  version: number
  /** When it was published, ms since 1970 UTC. */
  at: number
  doer: string
  note: string
  /** Villages that shall have it, and of those the ones that say they do. */
  offered: number
  have: number
  /** Those that do not take it, or whose office went back from it. */
  troubles: { village: string; why: string }[]
}

type Row = Omit<Standing, 'version' | 'at' | 'offered' | 'have'> & {
  version: string
  at: Date
  offered: string
  have: string
}

/** Of every dataset that was ever published. */
export async function listStanding(database: Database): Promise<Standing[]> {
  const { rows } = await database.query<Row>(`
    SELECT v.dataset, v.version, v.at, v.doer, v.note,
      count(o.village) AS offered,
      count(o.village) FILTER (WHERE s.current = v.version) AS have,
      coalesce(json_agg(json_build_object('village', o.village, 'why', s.why) ORDER BY o.village) FILTER (WHERE s.refused = v.version), '[]') AS troubles
    FROM dataset_version v
    LEFT JOIN dataset_offer o USING (dataset, version)
    LEFT JOIN dataset_state s ON s.village = o.village AND s.dataset = v.dataset
    WHERE v.version = (SELECT max(version) FROM dataset_version newest WHERE newest.dataset = v.dataset)
    GROUP BY v.dataset, v.version
    ORDER BY v.dataset`)
  return rows.map(({ version, at, offered, have, ...row }) => ({
    ...row,
    version: Number(version),
    at: at.getTime(),
    offered: Number(offered),
    have: Number(have),
  }))
}
