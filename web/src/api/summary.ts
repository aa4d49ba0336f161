/** The summary as the page takes it. A record of an older server lacks most fields; a newer one may have more. */

import { type Check, isCount, isObject, isText, shape } from "../contract/check";
import {
  COMPETENCY,
  EVIDENCE,
  type Evidence,
  FACTS,
  FINDING,
  type Finding,
  NEXT_STEP,
  QUESTION_REVIEW,
  SUMMARY,
} from "../contract/http.gen";
import { isNotAssessed } from "../contract/terms.gen";
import { fields, list, take } from "./take";
import type { Summary } from "./types";

/** `null`: there is none. */
export function asSummary(value: unknown): Summary | null {
  if (!isObject(value)) return null;
  return {
    ...take(SUMMARY, value, {
      performance_summary: "",
      recommendation: "",
      assessed: true,
      quotes_checked: 0,
      quotes_dropped: 0,
    }),
    strengths: list(value.strengths).map(asFinding),
    improvements: list(value.improvements).map(asFinding),
    verdict: SUMMARY.verdict(value.verdict) ? value.verdict : null,
    written_by: SUMMARY.written_by(value.written_by) ? value.written_by : null,
    not_assessed: isNotAssessed(value.not_assessed) ? value.not_assessed : null,
    missing: those(value.missing, isText),
    claims_dropped: isCount(value.claims_dropped) ? value.claims_dropped : 0,
    competencies: those(value.competencies, shape(COMPETENCY)),
    questions: those(value.questions, shape(QUESTION_REVIEW)),
    next_steps: those(value.next_steps, shape(NEXT_STEP)),
    facts: isFacts(value.facts) ? value.facts : null,
    doubtful: those(value.doubtful, isCount),
    corrected: those(value.corrected, isCount),
    calibrated: value.calibrated === true,
  };
}

const isFacts = shape(FACTS);

/** The items that are as the contract has them. */
function those<T>(value: unknown, check: Check<T>): T[] {
  return list(value).filter(check);
}

function asFinding(value: unknown): Finding {
  const given = fields(value);
  return { ...take(FINDING, given, { point: "" }), evidence: list(given.evidence).map(asEvidence) };
}

function asEvidence(value: unknown): Evidence {
  return take(EVIDENCE, fields(value), { turn: -1, quote: "" });
}
