import { accessStories } from "./failure-stories-access.ts";
import { factOf, fixed, story, type Telling, tellOperator, tenantOf } from "./failure-story.ts";

/** Whose app it is decides who can mend it. */
const byApp =
  (what: string, ours: string, theirs: string): Telling =>
  (_failure, context) =>
    story(what, context.method === "registered-app" ? theirs : ours);

/** Where the cloud of the tenant was found out, naming it helps more than any number. */
const otherCloud =
  (telling: Telling): Telling =>
  (failure, context) =>
    factOf(failure, "cloud") === null
      ? telling(failure, context)
      : accessStories["tenant-other-cloud"](failure, context);

const byItself = "Nothing to do: we try again by ourselves.";

/**
 * What each AADSTS number means, why, who mends it and how; the numbers whose general text says it all keep that one.
 * Microsoft's own description is never shown. Source: reference/microsoft-graph.md §1.4.
 */
const stories = new Map<number, Telling>([
  [65004, accessStories["consent-declined"]],
  [
    65001,
    (_failure, context) =>
      story(
        `Nobody in ${tenantOf(context)} has consented to our app, or the consent was withdrawn.`,
        "Ask a Global Administrator of the tenant to consent.",
      ),
  ],
  [90094, accessStories["consent-needs-administrator"]],
  [
    90095,
    fixed(
      "The person who signed in may not consent; Microsoft sent their request to an administrator.",
      "Wait until a Global Administrator has approved the request in Entra ID, then start the consent once more.",
    ),
  ],
  [
    50011,
    fixed(
      "The address Microsoft should return to is not registered with the app.",
      "Tell whoever runs this installation: both redirect URIs have to be registered exactly as the wizard shows them.",
    ),
  ],
  [700016, accessStories["app-not-in-tenant"]],
  [
    7000229,
    (_failure, context) =>
      story(
        `Microsoft does not find this app in ${tenantOf(context)} any more: its enterprise application was deleted there.`,
        context.method === "registered-app"
          ? "Ask an administrator to grant admin consent in the app registration again, which creates it anew."
          : "Ask a Global Administrator of the tenant to consent again.",
      ),
  ],
  [7000112, accessStories["app-disabled"]],
  [7000215, accessStories["secret-wrong"]],
  [7000222, accessStories["secret-expired"]],
  [
    7000218,
    fixed(
      "Our request for a token carried no credential.",
      "Tell whoever runs this installation, with the id in the details: this is a fault of ours.",
    ),
  ],
  [
    700027,
    (failure, context) =>
      accessStories[failure.code === "certificate-expired" ? failure.code : "certificate-rejected"](
        failure,
        context,
      ),
  ],
  [
    700030,
    byApp(
      "Microsoft refused the certificate: its subject name is not one this app accepts.",
      "Tell whoever runs this installation: the app's certificate has to be replaced.",
      "Upload this very certificate in the app registration, or use one with the accepted subject.",
    ),
  ],
  [
    50012,
    byApp(
      "Microsoft could not check our signature: the private key does not belong to the certificate.",
      "Tell whoever runs this installation: the app's certificate and its key have to be replaced together.",
      "Replace both together: make a key pair here, or upload a certificate with the private key that belongs to it.",
    ),
  ],
  [500133, accessStories["clock-skew"]],
  [
    50013,
    fixed(
      "Microsoft refused our signed sign-in as not valid: most often a clock is wrong.",
      "Tell whoever runs this installation: the worker's clock has to be checked first, then the certificate.",
    ),
  ],
  [90002, otherCloud(accessStories["tenant-not-found"])],
  [
    900023,
    (_failure, context) =>
      story(
        `What was entered for the tenant (${tenantOf(context)}) is neither a GUID nor a domain.`,
        "Correct the tenant under “Tenant and cloud”.",
      ),
  ],
  [5000224, accessStories["tenant-blocked"]],
  [
    90038,
    otherCloud((_failure, context) =>
      story(
        `Microsoft keeps ${tenantOf(context)} in a national cloud and refers us there.`,
        "Choose US Government or China, and verify again.",
      ),
    ),
  ],
  [
    900382,
    otherCloud((_failure, context) =>
      story(
        `An app of this cloud may not read ${tenantOf(context)}, which is kept in another one.`,
        "Choose the tenant's own cloud; it needs an app registration there.",
      ),
    ),
  ],
  [
    900432,
    otherCloud((_failure, context) =>
      story(
        `We asked the login of another cloud than the one ${tenantOf(context)} is kept in.`,
        "Choose the tenant's own cloud, and verify again.",
      ),
    ),
  ],
  [
    500011,
    otherCloud(
      fixed(
        "Microsoft Graph is not known in this tenant under the address of the chosen cloud.",
        "Check the cloud of the connection; if it is right, tell whoever runs this installation.",
      ),
    ),
  ],
  [
    70011,
    fixed(
      "Microsoft refused what our app asked for: the scope is not one of the chosen cloud.",
      "Check the cloud of the connection; if it is right, tell whoever runs this installation.",
    ),
  ],
  [
    53003,
    (_failure, context) =>
      story(
        `A Conditional Access policy of ${tenantOf(context)} blocks our app.`,
        "Ask a Conditional Access administrator to exclude the app from the policy for workload identities.",
      ),
  ],
  [
    530032,
    (_failure, context) =>
      story(
        `A security policy of ${tenantOf(context)} blocks sign-ins like ours.`,
        "Ask a Security Administrator to allow this app, or the addresses this installation runs at.",
      ),
  ],
  [
    50196,
    fixed(
      "Microsoft stopped us because we asked for the same token again and again.",
      "Wait some minutes and verify again; if it returns, tell whoever runs this installation.",
    ),
  ],
  [
    90055,
    fixed(
      "Microsoft limits how often tokens of this tenant may be asked for.",
      "Nothing to do: we wait as long as Microsoft asks and go on by ourselves.",
    ),
  ],
  [90033, fixed("Microsoft's directory of accounts and apps is not available just now.", byItself)],
  [90006, fixed("Microsoft's login failed in a way that passes.", byItself)],
  [90024, fixed("Microsoft's login gave up because it took too long on its own side.", byItself)],
  [90012, fixed("Microsoft's login did not answer in time.", byItself)],
  [
    650051,
    fixed(
      "Microsoft is still creating our app in the tenant.",
      "Wait half a minute, then start the consent once more.",
    ),
  ],
  [
    650052,
    fixed(
      "The app asks for a service the tenant has not subscribed to.",
      "Ask the tenant's administrator whether Microsoft Graph is available there; otherwise tell whoever runs this installation.",
    ),
  ],
  [
    650056,
    byApp(
      "The app registration does not ask for the permissions it is used with.",
      `The permissions of the app registration are incomplete. ${tellOperator}`,
      "Add the permissions the wizard lists as application permissions, and have an administrator grant consent.",
    ),
  ],
  [
    50105,
    fixed(
      "The enterprise application only lets assigned people in, and the person who signed in is not assigned.",
      "Ask an administrator to assign them in Entra ID: Enterprise applications, Users and groups.",
    ),
  ],
  [50020, accessStories["account-not-in-tenant"]],
  [
    50034,
    (_failure, context) =>
      story(
        `${tenantOf(context)} has no account of the name that signed in.`,
        "Check the account's spelling, or sign in with an administrator account of the tenant itself.",
      ),
  ],
]);

/** The text of an AADSTS number; undefined for one the reference does not list. */
export const aadstsStory = (number: number | undefined): Telling | undefined =>
  number === undefined ? undefined : stories.get(number);

/** The numbers that have a text, for a check against the reference. */
export const toldAadstsNumbers: readonly number[] = [...stories.keys()];
