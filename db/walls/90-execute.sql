-- Functions are executable by everybody unless told otherwise.
revoke all on all functions in schema app from public, seatledger_web, seatledger_worker;

grant execute on function
  app.find_session(uuid),
  app.sign_in(uuid, uuid, text, text, boolean),
  app.find_api_token(text),
  app.find_upload_token(text),
  app.use_consent_attempt(text, text, text),
  app.find_hand_off(text),
  app.find_handed_off_proof(text),
  app.take_visitor_token(text, double precision, double precision, boolean),
  app.release_claim(uuid, uuid),
  app.worker_seen()
  to seatledger_web;

-- A claim is taken in the transaction that completes a proof, which is the worker's (DESIGN §7 step 2).
grant execute on function
  app.claim_tenant(uuid, uuid, uuid, text),
  app.move_claim(uuid, uuid, uuid),
  app.release_claim(uuid, uuid),
  app.open_runs(),
  app.ended_connections(uuid[]),
  app.limited_services(),
  app.verifications_due(),
  app.key_pairs_due(),
  app.packages_due(),
  app.saas_checks_due(),
  app.saas_organisations_due(),
  app.schedules_due(),
  app.parallel_runs_due(),
  app.checks_due(),
  app.record_app_credential(text, text, timestamptz),
  app.workspaces_with_connections(),
  app.workspaces_with_snapshots(),
  app.changes_to_compare(),
  app.people_to_match(),
  app.worker_beat(uuid),
  app.worker_seen()
  to seatledger_worker;
