#Requires -Version 5.1

<#
.SYNOPSIS
Collects subscriptions, accounts and their licenses of one Microsoft 365 tenant into an export package for Seatledger.

.DESCRIPTION
For Seatledger's deprecated Office 365 connector. Needs Windows PowerShell 5.1 and an app registration of the tenant
with the application permissions Organization.Read.All and User.Read.All (with -IncludeSignIns also AuditLog.Read.All).
It always runs in the 32-bit Windows PowerShell: started in the 64-bit one, it starts itself again in the 32-bit one.
It loads no modules, reads Microsoft Graph page by page, and changes nothing in the tenant.

.PARAMETER TenantId
The tenant's GUID.

.PARAMETER ClientId
The application (client) id of the app registration.

.PARAMETER OutputFolder
Where the package is written. Default: the folder of this script.

.PARAMETER Cloud
Global (with GCC), USGovL4, USGovL5 or China.

.PARAMETER SecretFile
File with the client secret, made with -SaveSecret: readable by this Windows account on this computer alone (DPAPI).
Without it and without a certificate the secret is asked for.

.PARAMETER SaveSecret
Asks for the client secret, writes it to -SecretFile and ends.

.PARAMETER CertificateThumbprint
Thumbprint of a certificate with its private key in the account's or the computer's personal store, instead of a secret.
The key is RSA, in a key storage provider (CNG); Windows needs .NET Framework 4.6 or later for it.

.PARAMETER IncludeSignIns
Reads the last sign-ins as well. The tenant needs Entra ID P1 or P2; where Microsoft refuses them, the package goes
without. Slow: Microsoft allows few of these requests.

.PARAMETER UploadUrl
Address of your Seatledger. With -ConnectionId and -UploadTokenFile the package is uploaded there.

.PARAMETER ConnectionId
The connection the package is for.

.PARAMETER UploadTokenFile
File with the upload token, made with -SaveUploadToken (DPAPI, as -SecretFile).

.PARAMETER SaveUploadToken
Asks for the upload token, writes it to -UploadTokenFile and ends.

.PARAMETER Proxy
Address of a proxy, such as http://proxy.contoso.com:8080. Default: what Windows is set to.

.PARAMETER ProxyUseDefaultCredentials
Signs in to the proxy as the Windows account that runs the script.

.PARAMETER LogFile
Also writes what it does to this file. Never a secret, a token or a person's data.

.NOTES
Exit codes: 0 done; 1 unexpected; 2 parameters; 3 sign-in refused; 4 permission missing; 5 Microsoft did not answer as
expected; 6 package could not be written; 7 upload failed; 8 Seatledger refused the package; 10 no 32-bit host.
#>
[CmdletBinding()]
param(
    [string]$TenantId,
    [string]$ClientId,
    [string]$OutputFolder,
    [ValidateSet('Global', 'USGovL4', 'USGovL5', 'China')]
    [string]$Cloud = 'Global',
    [string]$SecretFile,
    [switch]$SaveSecret,
    [string]$CertificateThumbprint,
    [switch]$IncludeSignIns,
    [string]$UploadUrl,
    [string]$ConnectionId,
    [string]$UploadTokenFile,
    [switch]$SaveUploadToken,
    [string]$Proxy,
    [switch]$ProxyUseDefaultCredentials,
    [string]$LogFile
)

$CollectorVersion = '1.1.0'

# Always the 32-bit host. Its execution policy is never weaker than the one this script was started under.
if ([Environment]::Is64BitProcess) {
    $host32 = Join-Path $env:SystemRoot 'SysWOW64\WindowsPowerShell\v1.0\powershell.exe'
    if (-not (Test-Path -LiteralPath $host32)) {
        Write-Host "The 32-bit Windows PowerShell is missing: $host32"
        exit 10
    }
    $forward = @('-NoProfile', '-ExecutionPolicy', [string](Get-ExecutionPolicy), '-File', $PSCommandPath)
    foreach ($name in $PSBoundParameters.Keys) {
        $value = $PSBoundParameters[$name]
        if ($value -is [System.Management.Automation.SwitchParameter]) {
            if ($value.IsPresent) { $forward += "-$name" }
        }
        elseif ($value -is [string] -and $value) {
            # A backslash before the closing quote would escape it.
            if ($value.Contains(' ')) { $value = $value.TrimEnd('\') }
            $forward += "-$name"
            $forward += $value
        }
    }
    & $host32 $forward
    exit $LASTEXITCODE
}
if ($PSVersionTable.PSEdition -eq 'Core') {
    Write-Host 'Run this in Windows PowerShell 5.1.'
    exit 10
}

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

$Origins = @{
    Global  = @{ Login = 'https://login.microsoftonline.com'; Graph = 'https://graph.microsoft.com' }
    USGovL4 = @{ Login = 'https://login.microsoftonline.us'; Graph = 'https://graph.microsoft.us' }
    USGovL5 = @{ Login = 'https://login.microsoftonline.us'; Graph = 'https://dod-graph.microsoft.us' }
    China   = @{ Login = 'https://login.partner.microsoftonline.cn'; Graph = 'https://microsoftgraph.chinacloudapi.cn' }
}
$Login = $Origins[$Cloud].Login
$Graph = $Origins[$Cloud].Graph
$Invariant = [Globalization.CultureInfo]::InvariantCulture
$Utf8 = New-Object System.Text.UTF8Encoding($false)
$ProxyOptions = @{}
if ($Proxy) { $ProxyOptions.Proxy = $Proxy }
if ($Proxy -and $ProxyUseDefaultCredentials) { $ProxyOptions.ProxyUseDefaultCredentials = $true }
if (-not $Proxy -and $ProxyUseDefaultCredentials -and $null -ne [Net.WebRequest]::DefaultWebProxy) {
    [Net.WebRequest]::DefaultWebProxy.Credentials = [Net.CredentialCache]::DefaultNetworkCredentials
}
$script:Token = $null
$script:TokenEnds = [DateTime]::MinValue
$script:ExitCode = 1

# .NET takes a relative path from the process's folder, PowerShell from its own location: only a full one means the same.
function Resolve-FullPath {
    param([string]$Path)
    if (-not $Path) { return '' }
    return $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
}

# Parameter defaults know no $PSScriptRoot in a script that Windows PowerShell 5.1 starts by -File.
if (-not $OutputFolder) { $OutputFolder = $PSScriptRoot }
$OutputFolder = Resolve-FullPath $OutputFolder
$SecretFile = Resolve-FullPath $SecretFile
$UploadTokenFile = Resolve-FullPath $UploadTokenFile
$LogFile = Resolve-FullPath $LogFile

function Write-Step {
    param([string]$Text)
    $line = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', $Invariant) + ' ' + $Text
    Write-Host $line
    if ($LogFile) { [IO.File]::AppendAllText($LogFile, $line + [Environment]::NewLine, $Utf8) }
}

function Stop-Collector {
    param([int]$Code, [string]$Text)
    $script:ExitCode = $Code
    throw (New-Object System.InvalidOperationException($Text))
}

function Save-Protected {
    param([string]$Path, [string]$Prompt)
    if (-not $Path) { Stop-Collector 2 'Name the file to write the value to.' }
    $value = Read-Host -Prompt $Prompt -AsSecureString
    if ($value.Length -eq 0) { Stop-Collector 2 'Nothing was entered.' }
    [IO.File]::WriteAllText($Path, (ConvertFrom-SecureString -SecureString $value), $Utf8)
    Write-Step "Written to $Path. Only this Windows account on this computer can read it."
}

function Read-Protected {
    param([string]$Path)
    if (-not (Test-Path -LiteralPath $Path)) { Stop-Collector 2 "There is no file $Path." }
    try { return ConvertTo-SecureString -String ([IO.File]::ReadAllText($Path).Trim()) }
    catch { Stop-Collector 2 "This Windows account on this computer cannot read $Path. Save the value again as this account." }
}

function Get-Plain {
    param([System.Security.SecureString]$Secure)
    $pointer = [Runtime.InteropServices.Marshal]::SecureStringToBSTR($Secure)
    try { return [Runtime.InteropServices.Marshal]::PtrToStringBSTR($pointer) }
    finally { [Runtime.InteropServices.Marshal]::ZeroFreeBSTR($pointer) }
}

# What went wrong: PowerShell wraps what methods of .NET throw.
function Get-Cause {
    param($Failure)
    $cause = $Failure.Exception
    while ($cause -is [System.Management.Automation.MethodInvocationException] -and $null -ne $cause.InnerException) {
        $cause = $cause.InnerException
    }
    return $cause
}

function Get-StatusCode {
    param($Failure)
    $cause = Get-Cause $Failure
    if ($cause -isnot [Net.WebException] -or $null -eq $cause.Response) { return 0 }
    return [int]$cause.Response.StatusCode
}

# For people: the status of the answer, or why there was none.
function Get-Reason {
    param($Failure)
    $status = Get-StatusCode $Failure
    if ($status -ne 0) { return "status $status" }
    $cause = Get-Cause $Failure
    if ($cause -is [Net.WebException]) { return [string]$cause.Status }
    return $cause.GetType().Name
}

# The body of a refusal; Invoke-RestMethod keeps it only where the answer told its length.
function Get-ErrorText {
    param($Failure)
    if ($null -ne $Failure.ErrorDetails) { return [string]$Failure.ErrorDetails.Message }
    $cause = Get-Cause $Failure
    if ($cause -isnot [Net.WebException] -or $null -eq $cause.Response) { return '' }
    try {
        $reader = New-Object IO.StreamReader($cause.Response.GetResponseStream(), $Utf8)
        return $reader.ReadToEnd()
    }
    catch { return '' }
}

# Seconds to wait: what the server asks for (seconds or a date), else longer and longer.
function Get-Wait {
    param($Failure, [int]$Attempt)
    $asked = $null
    if ((Get-StatusCode $Failure) -ne 0) { $asked = (Get-Cause $Failure).Response.Headers['Retry-After'] }
    $seconds = 0.0
    if ($asked -and [double]::TryParse($asked, [Globalization.NumberStyles]::Float, $Invariant, [ref]$seconds)) {
        return [Math]::Min([Math]::Max([Math]::Ceiling($seconds), 1), 3600)
    }
    $date = [DateTimeOffset]::MinValue
    if ($asked -and [DateTimeOffset]::TryParse($asked, $Invariant, [Globalization.DateTimeStyles]::AssumeUniversal, [ref]$date)) {
        return [Math]::Min([Math]::Max([Math]::Ceiling(($date - [DateTimeOffset]::UtcNow).TotalSeconds), 1), 3600)
    }
    return [Math]::Min([Math]::Pow(2, $Attempt), 120)
}

# One request, repeated while the answer is a fault of the moment. The last failure is thrown. Redirects are not followed.
# What is no JSON comes out of Invoke-RestMethod as text and without a word: the field tells a whole answer.
function Invoke-Patiently {
    param([hashtable]$Request, [string]$What, [string]$Field)
    for ($attempt = 1; ; $attempt++) {
        try {
            $answer = Invoke-RestMethod -UseBasicParsing -TimeoutSec 120 -MaximumRedirection 0 @Request @ProxyOptions
            if ($Field -and $null -eq (Get-Property $answer $Field)) { throw (New-Object IO.IOException("$What gave no whole answer.")) }
            return $answer
        }
        catch {
            $cause = Get-Cause $_
            $status = Get-StatusCode $_
            $unanswered = $status -eq 0 -and ($cause -is [Net.WebException] -or $cause -is [IO.IOException])
            $passing = $unanswered -or $status -eq 408 -or $status -eq 429 -or $status -ge 500
            if (-not $passing -or $attempt -ge 8) { throw }
            $wait = Get-Wait $_ $attempt
            Write-Step "$What failed ($(Get-Reason $_)); trying again in $wait s."
            Start-Sleep -Seconds $wait
        }
    }
}

function ConvertTo-Base64Url {
    param([byte[]]$Bytes)
    return [Convert]::ToBase64String($Bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_')
}

function Find-Certificate {
    param([string]$Thumbprint)
    $wanted = ($Thumbprint -replace '[^0-9A-Fa-f]', '').ToUpperInvariant()
    foreach ($place in @('CurrentUser', 'LocalMachine')) {
        $store = New-Object System.Security.Cryptography.X509Certificates.X509Store('My', $place)
        $store.Open('ReadOnly')
        try {
            foreach ($certificate in $store.Certificates) {
                if ($certificate.Thumbprint -eq $wanted -and $certificate.HasPrivateKey) { return $certificate }
            }
        }
        finally { $store.Close() }
    }
    Stop-Collector 2 'No certificate with this thumbprint and a private key was found in the personal stores.'
}

# A signed statement (PS256) that this app asks, valid for ten minutes.
function New-Assertion {
    param([string]$Audience)
    $certificate = Find-Certificate $CertificateThumbprint
    $sha256 = [System.Security.Cryptography.SHA256]::Create()
    $print = ConvertTo-Base64Url ($sha256.ComputeHash($certificate.RawData))
    $now = [int64]([DateTime]::UtcNow - (New-Object DateTime(1970, 1, 1))).TotalSeconds
    $header = '{"alg":"PS256","typ":"JWT","x5t#S256":"' + $print + '"}'
    $claims = '{"aud":"' + $Audience + '","iss":"' + $ClientId + '","sub":"' + $ClientId + '","jti":"' +
        [Guid]::NewGuid().ToString() + '","nbf":' + ($now - 60) + ',"exp":' + ($now + 600) + '}'
    $text = (ConvertTo-Base64Url ($Utf8.GetBytes($header))) + '.' + (ConvertTo-Base64Url ($Utf8.GetBytes($claims)))
    try {
        $key = [System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($certificate)
        $signature = $key.SignData(
            $Utf8.GetBytes($text),
            [System.Security.Cryptography.HashAlgorithmName]::SHA256,
            [System.Security.Cryptography.RSASignaturePadding]::Pss)
    }
    catch { Stop-Collector 2 "This account cannot sign (PS256) with the certificate's key. It must be an RSA key in a key storage provider (CNG) that the account may use." }
    return $text + '.' + (ConvertTo-Base64Url $signature)
}

function Get-AccessToken {
    if ($script:Token -and [DateTime]::UtcNow -lt $script:TokenEnds) { return $script:Token }
    $address = "$Login/$TenantId/oauth2/v2.0/token"
    $body = @{ client_id = $ClientId; scope = "$Graph/.default"; grant_type = 'client_credentials' }
    if ($CertificateThumbprint) {
        $body.client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
        $body.client_assertion = New-Assertion $address
    }
    else { $body.client_secret = Get-Plain $script:Secret }
    try {
        $answer = Invoke-Patiently @{ Uri = $address; Method = 'Post'; Body = $body } 'The sign-in' 'access_token'
    }
    catch {
        $status = Get-StatusCode $_
        if ($status -eq 407) { Stop-Collector 5 'The proxy asks for a sign-in. Try -ProxyUseDefaultCredentials.' }
        if ($status -lt 400 -or $status -ge 500) { Stop-Collector 5 "Microsoft's sign-in did not answer ($(Get-Reason $_))." }
        $number = [regex]::Match((Get-ErrorText $_), 'AADSTS\d+').Value
        Stop-Collector 3 "Microsoft refused the sign-in of the app (status $status $number). Check tenant, client id and credential."
    }
    $script:Token = $answer.access_token
    $script:TokenEnds = [DateTime]::UtcNow.AddSeconds([int]$answer.expires_in - 300)
    return $script:Token
}

function Invoke-Graph {
    param([string]$Uri, [string]$Permission)
    for ($try = 1; ; $try++) {
        try {
            $headers = @{ Authorization = 'Bearer ' + (Get-AccessToken) }
            return Invoke-Patiently @{ Uri = $Uri; Method = 'Get'; Headers = $headers } 'Microsoft Graph' 'value'
        }
        catch {
            if ($script:ExitCode -ne 1) { throw }
            $status = Get-StatusCode $_
            if ($status -eq 401 -and $try -eq 1) { $script:Token = $null; continue }
            if ($status -eq 403) { Stop-Collector 4 "The app lacks the application permission $Permission, or an administrator has not approved it." }
            Stop-Collector 5 "Microsoft Graph did not give the data ($(Get-Reason $_))."
        }
    }
}

# Every row of a list; the next page is asked for when the rows of this one are done with. Links elsewhere are not followed.
function Read-Pages {
    param([string]$Path, [string]$Permission, [double]$PauseSeconds = 0)
    $uri = "$Graph/v1.0/$Path"
    $seen = New-Object 'System.Collections.Generic.HashSet[string]'
    while ($uri) {
        if (-not $uri.StartsWith("$Graph/", [StringComparison]::Ordinal)) { Stop-Collector 5 'Microsoft Graph pointed to another address; it was not followed.' }
        if (-not $seen.Add($uri)) { Stop-Collector 5 'Microsoft Graph sent the same page twice.' }
        $page = Invoke-Graph $uri $Permission
        foreach ($row in $page.value) { $row }
        $uri = [string](Get-Field $page '@odata.nextLink')
        if ($uri -and $PauseSeconds -gt 0) { Start-Sleep -Milliseconds ([int]($PauseSeconds * 1000)) }
    }
}

function Get-Property {
    param($Row, [string]$Name)
    if ($null -eq $Row) { return $null }
    return $Row.PSObject.Properties[$Name]
}

function Get-Field {
    param($Row, [string]$Name)
    if ($null -eq $Row) { return $null }
    $property = $Row.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    return $property.Value
}

# What a user holds (assignedLicenses) and how it came (licenseAssignmentStates); failed assignments by themselves.
function Get-Licenses {
    param($User)
    $bySku = @{}
    $order = New-Object 'System.Collections.Generic.List[string]'
    foreach ($license in @(Get-Field $User 'assignedLicenses')) {
        if ($null -eq $license) { continue }
        $sku = ([string](Get-Field $license 'skuId')).ToLowerInvariant()
        $plans = [string[]]@(@(Get-Field $license 'disabledPlans') | Where-Object { $_ })
        if (-not $bySku.ContainsKey($sku)) { $order.Add($sku) }
        $bySku[$sku] = [ordered]@{ skuId = $sku; held = $true; direct = $false; groupIds = [string[]]@(); inError = $false; error = $null; assignedAt = $null; disabledPlanIds = $plans }
    }
    foreach ($state in @(Get-Field $User 'licenseAssignmentStates')) {
        if ($null -eq $state) { continue }
        $sku = ([string](Get-Field $state 'skuId')).ToLowerInvariant()
        $word = [string](Get-Field $state 'state')
        if (-not $bySku.ContainsKey($sku)) {
            $order.Add($sku)
            $bySku[$sku] = [ordered]@{ skuId = $sku; held = $false; direct = $false; groupIds = [string[]]@(); inError = $false; error = $null; assignedAt = $null; disabledPlanIds = [string[]]@() }
        }
        $entry = $bySku[$sku]
        if ($word -eq 'Error' -or $word -eq 'ActiveWithError') {
            $entry.inError = $true
            $reason = [string](Get-Field $state 'error')
            if ($reason -and $reason -ne 'None') { $entry.error = $reason }
        }
        if (-not $entry.held -or $word -eq 'Error' -or $word -eq 'Disabled') { continue }
        $group = [string](Get-Field $state 'assignedByGroup')
        if ($group) { $entry.groupIds = [string[]]@($entry.groupIds + $group) } else { $entry.direct = $true }
        $since = [string](Get-Field $state 'lastUpdatedDateTime')
        if ($since -and (-not $entry.assignedAt -or [string]::CompareOrdinal($since, $entry.assignedAt) -lt 0)) { $entry.assignedAt = $since }
    }
    return @($order | ForEach-Object { $bySku[$_] } | Where-Object { $_.held -or $_.inError })
}

function Get-FileFacts {
    param([string]$Path, [int64]$Rows)
    $stream = [IO.File]::OpenRead($Path)
    try {
        $hash = [System.Security.Cryptography.SHA256]::Create().ComputeHash($stream)
        return [ordered]@{ rows = $Rows; bytes = $stream.Length; sha256 = [BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant() }
    }
    finally { $stream.Dispose() }
}

# Writes a list as lines of JSON in UTF-8 without a mark, page by page, and tells what the manifest says of the file.
function Export-Rows {
    param([string]$Path, [string]$Query, [string]$Permission, [string]$ToRow, [double]$PauseSeconds = 0)
    $rows = [int64]0
    $writer = New-Object IO.StreamWriter($Path, $false, $Utf8, 65536)
    try {
        Read-Pages $Query $Permission $PauseSeconds | ForEach-Object {
            $writer.Write((ConvertTo-Json -InputObject (& $ToRow $_) -Compress -Depth 6))
            $writer.Write("`n")
            $rows++
            if ($rows % 10000 -eq 0) { Write-Step "$rows rows read." }
        }
    }
    finally { $writer.Dispose() }
    return Get-FileFacts $Path $rows
}

function ConvertTo-SkuRow {
    param($Sku)
    $units = Get-Field $Sku 'prepaidUnits'
    return [ordered]@{
        skuId = [string](Get-Field $Sku 'skuId')
        skuPartNumber = Get-Field $Sku 'skuPartNumber'
        appliesTo = Get-Field $Sku 'appliesTo'
        capabilityStatus = Get-Field $Sku 'capabilityStatus'
        active = Get-Field $units 'enabled'
        warning = Get-Field $units 'warning'
        suspended = Get-Field $units 'suspended'
        lockedOut = Get-Field $units 'lockedOut'
        consumed = Get-Field $Sku 'consumedUnits'
    }
}

$UserFields = 'id,userPrincipalName,displayName,mail,accountEnabled,userType,createdDateTime,usageLocation,country,city,' +
    'department,jobTitle,companyName,officeLocation,employeeId,employeeType,onPremisesSyncEnabled,assignedLicenses,licenseAssignmentStates'

function ConvertTo-UserRow {
    param($User)
    if ($null -eq (Get-Property $User 'assignedLicenses')) { Stop-Collector 5 'Microsoft Graph gave an account without its licenses.' }
    return [ordered]@{
        id = [string](Get-Field $User 'id')
        userPrincipalName = Get-Field $User 'userPrincipalName'
        displayName = Get-Field $User 'displayName'
        mail = Get-Field $User 'mail'
        accountEnabled = Get-Field $User 'accountEnabled'
        userType = Get-Field $User 'userType'
        createdAt = Get-Field $User 'createdDateTime'
        usageLocation = Get-Field $User 'usageLocation'
        country = Get-Field $User 'country'
        city = Get-Field $User 'city'
        department = Get-Field $User 'department'
        jobTitle = Get-Field $User 'jobTitle'
        companyName = Get-Field $User 'companyName'
        officeLocation = Get-Field $User 'officeLocation'
        employeeId = Get-Field $User 'employeeId'
        employeeType = Get-Field $User 'employeeType'
        onPremisesSynced = Get-Field $User 'onPremisesSyncEnabled'
        licenses = @(Get-Licenses $User)
    }
}

function ConvertTo-SignInRow {
    param($User)
    $activity = Get-Field $User 'signInActivity'
    return [ordered]@{
        id = [string](Get-Field $User 'id')
        lastSuccessfulAt = Get-Field $activity 'lastSuccessfulSignInDateTime'
        lastInteractiveAt = Get-Field $activity 'lastSignInDateTime'
        lastNonInteractiveAt = Get-Field $activity 'lastNonInteractiveSignInDateTime'
    }
}

# Last sign-ins where they are to be had; without them the package is as sound, and activity is unknown.
function Export-SignIns {
    param([string]$Path)
    try { return Export-Rows $Path 'users?$top=500&$select=id,signInActivity' 'AuditLog.Read.All' 'ConvertTo-SignInRow' 2.3 }
    catch {
        if ($script:ExitCode -ne 4) { throw }
        $script:ExitCode = 1
        Remove-Item -LiteralPath $Path
        Write-Step 'Last sign-ins are left out: the app lacks AuditLog.Read.All, or the tenant Entra ID P1 or P2.'
        return $null
    }
}

function Get-Organization {
    $found = @(Read-Pages 'organization' 'Organization.Read.All')
    if ($found.Count -ne 1 -or [string](Get-Field $found[0] 'id') -ne $TenantId) { Stop-Collector 5 'Microsoft Graph answered for another tenant.' }
    return $found[0]
}

# Writes the lists to disk and packs them; the package has its name only when it is whole.
function New-Package {
    param([string]$Folder)
    $collectedAt = [DateTime]::UtcNow
    Write-Step 'Reading the tenant.'
    $organization = Get-Organization
    $files = [ordered]@{}
    $files['skus.ndjson'] = Export-Rows "$Folder\skus.ndjson" 'subscribedSkus' 'Organization.Read.All' 'ConvertTo-SkuRow'
    Write-Step "$($files['skus.ndjson'].rows) subscriptions read. Reading accounts."
    $files['users.ndjson'] = Export-Rows "$Folder\users.ndjson" ('users?$top=500&$select=' + $UserFields) 'User.Read.All' 'ConvertTo-UserRow'
    Write-Step "$($files['users.ndjson'].rows) accounts read."
    if ($IncludeSignIns) {
        Write-Step 'Reading last sign-ins; Microsoft allows one page in two seconds.'
        $signIns = Export-SignIns "$Folder\sign-ins.ndjson"
        if ($null -ne $signIns) { $files['sign-ins.ndjson'] = $signIns }
    }
    $default = @(Get-Field $organization 'verifiedDomains') | Where-Object { Get-Field $_ 'isDefault' } | Select-Object -First 1
    $manifest = [ordered]@{
        format = 'seatledger-office365-export'
        schemaVersion = 1
        tenantId = $TenantId
        tenantName = Get-Field $organization 'displayName'
        defaultDomain = Get-Field $default 'name'
        countryCode = Get-Field $organization 'countryLetterCode'
        collectedAt = $collectedAt.ToString('yyyy-MM-ddTHH:mm:ssZ', $Invariant)
        collectorVersion = $CollectorVersion
        files = $files
    }
    [IO.File]::WriteAllText("$Folder\manifest.json", (ConvertTo-Json -InputObject $manifest -Depth 5), $Utf8)
    Add-Type -AssemblyName System.IO.Compression
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    $name = 'seatledger-' + $TenantId + '-' + $collectedAt.ToString('yyyyMMdd-HHmmss', $Invariant) + '.zip'
    $stream = New-Object IO.FileStream("$Folder\package.zip", [IO.FileMode]::CreateNew)
    try {
        $zip = New-Object IO.Compression.ZipArchive($stream, [IO.Compression.ZipArchiveMode]::Create)
        try {
            foreach ($file in @('manifest.json') + @($files.Keys)) {
                [void][IO.Compression.ZipFileExtensions]::CreateEntryFromFile($zip, "$Folder\$file", $file)
            }
        }
        finally { $zip.Dispose() }
    }
    finally { $stream.Dispose() }
    $target = Join-Path $OutputFolder $name
    [IO.File]::Move("$Folder\package.zip", $target)
    return $target
}

# Sends the package in numbered chunks; a chunk that failed is sent again, never the whole.
function Send-Package {
    param([string]$Path, [System.Security.SecureString]$UploadToken)
    $headers = @{ Authorization = 'Bearer ' + (Get-Plain $UploadToken) }
    $api = $UploadUrl.TrimEnd('/') + '/api/v1'
    $file = Get-Item -LiteralPath $Path
    $begin = ConvertTo-Json -Compress -InputObject @{ fileName = $file.Name; bytes = $file.Length }
    $package = Invoke-Patiently @{ Uri = "$api/connections/$ConnectionId/packages"; Method = 'Post'; Headers = $headers; Body = $begin; ContentType = 'application/json' } 'The upload' 'chunks'
    $stream = [IO.File]::OpenRead($Path)
    try {
        for ($no = 0; $no -lt $package.chunks.count; $no++) {
            $length = [int][Math]::Min([int64]$package.chunks.bytes, $stream.Length - $stream.Position)
            $chunk = New-Object byte[] $length
            $filled = 0
            while ($filled -lt $length) {
                $got = $stream.Read($chunk, $filled, $length - $filled)
                if ($got -eq 0) { throw (New-Object IO.EndOfStreamException) }
                $filled += $got
            }
            [void](Invoke-Patiently @{ Uri = "$api/packages/$($package.id)/chunks/$no"; Method = 'Put'; Headers = $headers; Body = $chunk; ContentType = 'application/octet-stream' } 'The upload')
        }
    }
    finally { $stream.Dispose() }
    [void](Invoke-Patiently @{ Uri = "$api/packages/$($package.id)/complete"; Method = 'Post'; Headers = $headers; Body = '{}'; ContentType = 'application/json' } 'The upload' 'state')
    Write-Step 'Uploaded. Waiting for Seatledger to check it.'
    for ($look = 1; $look -le 360; $look++) {
        Start-Sleep -Seconds 5
        $item = Invoke-Patiently @{ Uri = "$api/packages/$($package.id)"; Method = 'Get'; Headers = $headers } 'Seatledger' 'state'
        if ($item.state -eq 'refused') { Stop-Collector 8 "Seatledger refused the package: $($item.fault.what) $($item.fault.action)" }
        if ($item.state -eq 'cancelled') { Stop-Collector 7 'The upload was cancelled in Seatledger.' }
        if ($item.state -ne 'received' -and $item.state -ne 'receiving') {
            Write-Step "Seatledger took the package ($($item.state))."
            return
        }
    }
    Write-Step 'Seatledger has not checked it yet; it goes on by itself.'
}

function Assert-Guid {
    param([string]$Value, [string]$Name)
    $parsed = [Guid]::Empty
    if (-not [Guid]::TryParse($Value, [ref]$parsed)) { Stop-Collector 2 "-$Name must be a GUID." }
    return $parsed.ToString()
}

$work = $null
try {
    if ($SaveSecret) { Save-Protected $SecretFile 'Client secret'; exit 0 }
    if ($SaveUploadToken) { Save-Protected $UploadTokenFile 'Upload token'; exit 0 }
    $TenantId = Assert-Guid $TenantId 'TenantId'
    $ClientId = Assert-Guid $ClientId 'ClientId'
    $upload = [bool]($UploadUrl -or $ConnectionId -or $UploadTokenFile)
    if ($upload) {
        if (-not ($UploadUrl -and $UploadTokenFile)) { Stop-Collector 2 'An upload needs -UploadUrl, -ConnectionId and -UploadTokenFile.' }
        if ($UploadUrl -notmatch '^https://' -and $UploadUrl -notmatch '^http://(localhost|127\.0\.0\.1)(:\d+)?/?$') { Stop-Collector 2 '-UploadUrl must begin with https://.' }
        $ConnectionId = Assert-Guid $ConnectionId 'ConnectionId'
        $uploadToken = Read-Protected $UploadTokenFile
    }
    $script:Secret = $null
    if (-not $CertificateThumbprint) {
        if ($SecretFile) { $script:Secret = Read-Protected $SecretFile }
        else { $script:Secret = Read-Host -Prompt 'Client secret' -AsSecureString }
    }
    Write-Step "Collector $CollectorVersion, tenant $TenantId, cloud $Cloud."
    $work = Join-Path $OutputFolder ('.collecting-' + [Guid]::NewGuid().ToString('N'))
    [void][IO.Directory]::CreateDirectory($work)
    $package = New-Package $work
    Write-Step "Package written: $package"
    if ($upload) {
        try { Send-Package $package $uploadToken }
        catch {
            if ($script:ExitCode -ne 1) { throw }
            $why = Get-Reason $_
            if ((Get-StatusCode $_) -eq 401) { $why = 'the upload token has expired or was revoked' }
            Stop-Collector 7 "The upload failed ($why). The package stays at $package."
        }
    }
    $script:ExitCode = 0
}
catch {
    $cause = Get-Cause $_
    if ($script:ExitCode -eq 1 -and ($cause -is [IO.IOException] -or $cause -is [UnauthorizedAccessException])) { $script:ExitCode = 6 }
    Write-Step "Stopped: $($cause.Message)"
}
finally {
    $script:Token = $null
    if ($work -and (Test-Path -LiteralPath $work)) { Remove-Item -LiteralPath $work -Recurse -Force }
}
exit $script:ExitCode
