-- Why a flow is paused, where nobody paused it by hand: a reason of `flows/contract.ts` (A7).
alter table flow add column pause_reason text;
