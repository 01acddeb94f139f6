import { endParallelRun, endParallelRunInput } from "#lib/services/end-parallel-run";
import { getSwitchPreview, getSwitchPreviewInput } from "#lib/services/get-switch-preview";
import { listSwitches, listSwitchesInput } from "#lib/services/list-switches";
import { startParallelRun, startParallelRunInput } from "#lib/services/start-parallel-run";
import { switchSource, switchSourceInput } from "#lib/services/switch-source";
import { undoSwitch, undoSwitchInput } from "#lib/services/undo-switch";
import { type Endpoint, endpoint } from "./endpoint.ts";
import * as connections from "./schemas-connections.ts";
import * as switches from "./schemas-switches.ts";

/** Which connector counts where: switches and parallel runs. */
export const switchEndpoints = {
  listSwitches: endpoint({
    id: "listSwitches",
    method: "GET",
    path: "/switches",
    summary: "Which connector counts where: switches in force and those asked for ahead",
    input: listSwitchesInput,
    verb: listSwitches,
    output: switches.switchListSchema,
  }),
  previewSwitch: endpoint({
    id: "previewSwitch",
    method: "POST",
    path: "/switches/preview",
    summary: "What a switch would do, or taking back the one in force; changes nothing",
    input: getSwitchPreviewInput,
    verb: getSwitchPreview,
    output: switches.switchViewSchema,
  }),
  switchSource: endpoint({
    id: "switchSource",
    method: "POST",
    path: "/switches",
    summary: "Let a connector stand for those below it",
    input: switchSourceInput,
    verb: switchSource,
    status: 201,
    output: connections.idSchema,
  }),
  undoSwitch: endpoint({
    id: "undoSwitch",
    method: "DELETE",
    path: "/switches/{id}",
    summary: "Take a switch back: everything is as before",
    input: undoSwitchInput,
    idField: "supersessionId",
    verb: undoSwitch,
    status: 204,
    output: null,
  }),
  startParallelRun: endpoint({
    id: "startParallelRun",
    method: "POST",
    path: "/parallel-runs",
    summary: "Ask for a switch so many days ahead",
    input: startParallelRunInput,
    verb: startParallelRun,
    status: 201,
    output: switches.startedParallelRunSchema,
  }),
  endParallelRun: endpoint({
    id: "endParallelRun",
    method: "DELETE",
    path: "/parallel-runs/{id}",
    summary: "Call off a switch that was asked for ahead",
    input: endParallelRunInput,
    idField: "parallelRunId",
    verb: endParallelRun,
    status: 204,
    output: null,
  }),
} as const satisfies Record<string, Endpoint>;
