/** Microsoft's clouds, as the simulator plays them. Source: reference §1.5. */
export const cloudNames = ["global", "us-gov-l4", "us-gov-l5", "china"] as const;
export type CloudName = (typeof cloudNames)[number];

/** Clouds with one login share its tenants, registrations and keys; L4 and L5 differ in their Graph. */
export type LoginName = "global" | "us-gov" | "china";

export type CloudFacts = {
  login: LoginName;
  loginHost: string;
  /** Audience of Graph tokens. */
  graphResource: string;
  /** Where issuers of access tokens begin. */
  tokenIssuer: string;
  /** As the OpenID document of a tenant tells them. */
  openid: {
    tenant_region_scope: string;
    tenant_region_sub_scope?: string;
    cloud_instance_name: string;
    msgraph_host: string;
  };
};

const usGov = {
  login: "us-gov",
  loginHost: "login.microsoftonline.us",
  tokenIssuer: "https://sts.windows.net",
} as const;

export const cloudFacts: Readonly<Record<CloudName, CloudFacts>> = {
  global: {
    login: "global",
    loginHost: "login.microsoftonline.com",
    graphResource: "https://graph.microsoft.com",
    tokenIssuer: "https://sts.windows.net",
    openid: {
      tenant_region_scope: "WW",
      cloud_instance_name: "microsoftonline.com",
      msgraph_host: "graph.microsoft.com",
    },
  },
  "us-gov-l4": {
    ...usGov,
    graphResource: "https://graph.microsoft.us",
    openid: {
      tenant_region_scope: "USGov",
      tenant_region_sub_scope: "DODCON",
      cloud_instance_name: "microsoftonline.us",
      msgraph_host: "graph.microsoft.us",
    },
  },
  "us-gov-l5": {
    ...usGov,
    graphResource: "https://dod-graph.microsoft.us",
    openid: {
      tenant_region_scope: "USGov",
      tenant_region_sub_scope: "DOD",
      cloud_instance_name: "microsoftonline.us",
      msgraph_host: "dod-graph.microsoft.us",
    },
  },
  china: {
    login: "china",
    loginHost: "login.partner.microsoftonline.cn",
    graphResource: "https://microsoftgraph.chinacloudapi.cn",
    tokenIssuer: "https://sts.chinacloudapi.cn",
    openid: {
      tenant_region_scope: "CN",
      cloud_instance_name: "partner.microsoftonline.cn",
      msgraph_host: "microsoftgraph.chinacloudapi.cn",
    },
  },
};

/** Whether one login knows of a tenant of the other: Global and US Government do, China stands alone. */
export const knowEachOther = (one: LoginName, other: LoginName): boolean =>
  one !== "china" && other !== "china";
