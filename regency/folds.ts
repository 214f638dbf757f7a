import { caseDocumentsFold } from './folds/case-documents.ts'
import { casesFold } from './folds/cases.ts'
import { claimsFold } from './folds/claims.ts'
import { commandsFold } from './folds/commands.ts'
import { datasetsFold } from './folds/datasets.ts'
import { erasuresFold } from './folds/erasures.ts'
import type { Fold } from './folds/fold.ts'
import { createJournalFold } from './folds/journal.ts'
import { lettersFold } from './folds/letters.ts'
import { officeFold } from './folds/office.ts'
import { proposalsFold } from './folds/proposals.ts'
import { queueFold } from './folds/queue.ts'
import { residentsFold } from './folds/residents.ts'
import { updatesFold } from './folds/updates.ts'

const rooms: readonly Fold[] = [
  queueFold,
  datasetsFold,
  commandsFold,
  erasuresFold,
  updatesFold,
  officeFold,
  proposalsFold,
  residentsFold,
  lettersFold,
  claimsFold,
  casesFold,
  caseDocumentsFold,
]

/** All that the hub folds, in this order. A room that is added here is folded from each village's beginning, the others go on. */
export const folds: readonly Fold[] = [...rooms, createJournalFold(rooms)]
