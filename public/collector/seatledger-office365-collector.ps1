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

.PARAMETER IncludeSignIns
Reads the last sign-ins as well. The tenant needs Entra ID P1 or P2. Slow: Microsoft allows few of these requests.

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
    [string]$OutputFolder = $PSScriptRoot,
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

$CollectorVersion = '1.0.0'

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
        elseif ($value -is [string]) {
            # A backslash before the closing quote would escape it.
            if ($value.Contains(' ')) { $value = $value.TrimEnd('\') }
            $forward += "-$name"
            $forward += $value
        }
    }
    & $host32 $forward
    exit $LASTEXITCODE
}

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

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
if (-not $Proxy -and $ProxyUseDefaultCredentials) {
    [Net.WebRequest]::DefaultWebProxy.Credentials = [Net.CredentialCache]::DefaultNetworkCredentials
}
$script:Token = $null
$script:TokenEnds = [DateTime]::MinValue
$script:ExitCode = 1

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
    [IO.File]::WriteAllText($Path, (ConvertFrom-SecureString -SecureString $value), $Utf8)
    Write-Step "Written to $Path. Only this Windows account on this computer can read it."
}

function Read-Protected {
    param([string]$Path)
    if (-not (Test-Path -LiteralPath $Path)) { Stop-Collector 2 "There is no file $Path." }
    return ConvertTo-SecureString -String ([IO.File]::ReadAllText($Path).Trim())
}

function Get-Plain {
    param([System.Security.SecureString]$Secure)
    $pointer = [Runtime.InteropServices.Marshal]::SecureStringToBSTR($Secure)
    try { return [Runtime.InteropServices.Marshal]::PtrToStringBSTR($pointer) }
    finally { [Runtime.InteropServices.Marshal]::ZeroFreeBSTR($pointer) }
}

function Get-StatusCode {
    param($Failure)
    $response = $null
    if ($Failure.Exception -is [Net.WebException]) { $response = $Failure.Exception.Response }
    if ($null -eq $response) { return 0 }
    return [int]$response.StatusCode
}

# Seconds to wait: what the server asks for (seconds or a date), else longer and longer.
function Get-Wait {
    param($Failure, [int]$Attempt)
    $asked = $null
    if ($Failure.Exception -is [Net.WebException] -and $null -ne $Failure.Exception.Response) {
        $asked = $Failure.Exception.Response.Headers['Retry-After']
    }
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

# One request, repeated while the answer is a fault of the moment. The last failure is thrown.
function Invoke-Patiently {
    param([hashtable]$Request, [string]$What)
    for ($attempt = 1; ; $attempt++) {
        try {
            return Invoke-RestMethod -UseBasicParsing -TimeoutSec 120 @Request @ProxyOptions
        }
        catch {
            $status = Get-StatusCode $_
            $passing = $status -eq 0 -or $status -eq 408 -or $status -eq 429 -or $status -ge 500
            if (-not $passing -or $attempt -ge 8) { throw }
            $wait = Get-Wait $_ $attempt
            Write-Step "$What was answered with $status; trying again in $wait s."
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
    $wanted = $Thumbprint.Replace(' ', '').ToUpperInvariant()
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
    $print = ConvertTo-Base64Url $sha256.ComputeHash($certificate.RawData)
    $now = [int64]([DateTime]::UtcNow - (New-Object DateTime(1970, 1, 1))).TotalSeconds
    $header = '{"alg":"PS256","typ":"JWT","x5t#S256":"' + $print + '"}'
    $claims = '{"aud":"' + $Audience + '","iss":"' + $ClientId + '","sub":"' + $ClientId + '","jti":"' +
        [Guid]::NewGuid().ToString() + '","nbf":' + ($now - 60) + ',"exp":' + ($now + 600) + '}'
    $text = (ConvertTo-Base64Url $Utf8.GetBytes($header)) + '.' + (ConvertTo-Base64Url $Utf8.GetBytes($claims))
    $key = [System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($certificate)
    $signature = $key.SignData(
        $Utf8.GetBytes($text),
        [System.Security.Cryptography.HashAlgorithmName]::SHA256,
        [System.Security.Cryptography.RSASignaturePadding]::Pss)
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
        $answer = Invoke-Patiently @{ Uri = $address; Method = 'Post'; Body = $body } 'The sign-in'
    }
    catch {
        $status = Get-StatusCode $_
        $numbers = [regex]::Matches([string]$_.ErrorDetails, 'AADSTS\d+') | ForEach-Object { $_.Value } | Select-Object -First 1
        if ($status -eq 0 -or $status -ge 500) { Stop-Collector 5 "Microsoft's sign-in could not be reached (status $status)." }
        Stop-Collector 3 "Microsoft refused the sign-in of the app (status $status, $numbers). Check tenant, client id and credential."
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
            return Invoke-Patiently @{ Uri = $Uri; Method = 'Get'; Headers = $headers } 'Microsoft Graph'
        }
        catch [System.InvalidOperationException] {
            if ($_.Exception -isnot [Net.WebException]) { throw }
            $status = Get-StatusCode $_
            if ($status -eq 401 -and $try -eq 1) { $script:Token = $null; continue }
            if ($status -eq 403) { Stop-Collector 4 "The app lacks the application permission $Permission, or an administrator has not approved it." }
            Stop-Collector 5 "Microsoft Graph did not give the data (status $status)."
        }
    }
}

# Every row of a list, page by page. Links to another place are not followed.
function Read-Pages {
    param([string]$Path, [string]$Permission, [scriptblock]$Each, [double]$PauseSeconds = 0)
    $uri = "$Graph/v1.0/$Path"
    $seen = New-Object 'System.Collections.Generic.HashSet[string]'
    while ($uri) {
        if (-not $uri.StartsWith("$Graph/", [StringComparison]::Ordinal)) { Stop-Collector 5 'Microsoft Graph pointed to another address; it was not followed.' }
        if (-not $seen.Add($uri)) { Stop-Collector 5 'Microsoft Graph sent the same page twice.' }
        $page = Invoke-Graph $uri $Permission
        foreach ($row in $page.value) { & $Each $row }
        $uri = $null
        if ($page.PSObject.Properties['@odata.nextLink']) { $uri = [string]$page.'@odata.nextLink' }
        if ($uri -and $PauseSeconds -gt 0) { Start-Sleep -Milliseconds ([int]($PauseSeconds * 1000)) }
    }
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
        $sku = ([string]$license.skuId).ToLowerInvariant()
        $plans = [string[]]@(@(Get-Field $license 'disabledPlans') | Where-Object { $_ })
        if (-not $bySku.ContainsKey($sku)) { $order.Add($sku) }
        $bySku[$sku] = [ordered]@{ skuId = $sku; held = $true; direct = $false; groupIds = [string[]]@(); inError = $false; error = $null; assignedAt = $null; disabledPlanIds = $plans }
    }
    foreach ($state in @(Get-Field $User 'licenseAssignmentStates')) {
        if ($null -eq $state) { continue }
        $sku = ([string]$state.skuId).ToLowerInvariant()
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

function Write-Row {
    param([IO.StreamWriter]$Writer, $Row)
    $Writer.Write((ConvertTo-Json -InputObject $Row -Compress -Depth 6))
    $Writer.Write("`n")
}

function New-Writer {
    param([string]$Path)
    return New-Object IO.StreamWriter($Path, $false, $Utf8, 65536)
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

function Export-Skus {
    param([string]$Path)
    $writer = New-Writer $Path
    $script:Rows = 0
    try {
        Read-Pages 'subscribedSkus' 'Organization.Read.All' {
            param($sku)
            $units = Get-Field $sku 'prepaidUnits'
            Write-Row $writer ([ordered]@{
                    skuId = [string]$sku.skuId
                    skuPartNumber = Get-Field $sku 'skuPartNumber'
                    appliesTo = Get-Field $sku 'appliesTo'
                    capabilityStatus = Get-Field $sku 'capabilityStatus'
                    active = Get-Field $units 'enabled'
                    warning = Get-Field $units 'warning'
                    suspended = Get-Field $units 'suspended'
                    lockedOut = Get-Field $units 'lockedOut'
                    consumed = Get-Field $sku 'consumedUnits'
                })
            $script:Rows++
        }
    }
    finally { $writer.Dispose() }
    return $script:Rows
}

function Export-Users {
    param([string]$Path)
    $writer = New-Writer $Path
    $script:Rows = 0
    $select = 'id,userPrincipalName,displayName,mail,accountEnabled,userType,createdDateTime,usageLocation,country,city,' +
        'department,jobTitle,companyName,officeLocation,employeeId,employeeType,onPremisesSyncEnabled,assignedLicenses,licenseAssignmentStates'
    try {
        Read-Pages ('users?$top=500&$select=' + $select) 'User.Read.All' {
            param($user)
            if ($null -eq $user.PSObject.Properties['assignedLicenses']) { Stop-Collector 5 'Microsoft Graph gave an account without its licenses.' }
            Write-Row $writer ([ordered]@{
                    id = [string]$user.id
                    userPrincipalName = Get-Field $user 'userPrincipalName'
                    displayName = Get-Field $user 'displayName'
                    mail = Get-Field $user 'mail'
                    accountEnabled = Get-Field $user 'accountEnabled'
                    userType = Get-Field $user 'userType'
                    createdAt = Get-Field $user 'createdDateTime'
                    usageLocation = Get-Field $user 'usageLocation'
                    country = Get-Field $user 'country'
                    city = Get-Field $user 'city'
                    department = Get-Field $user 'department'
                    jobTitle = Get-Field $user 'jobTitle'
                    companyName = Get-Field $user 'companyName'
                    officeLocation = Get-Field $user 'officeLocation'
                    employeeId = Get-Field $user 'employeeId'
                    employeeType = Get-Field $user 'employeeType'
                    onPremisesSynced = Get-Field $user 'onPremisesSyncEnabled'
                    licenses = @(Get-Licenses $user)
                })
            $script:Rows++
            if ($script:Rows % 10000 -eq 0) { Write-Step "$($script:Rows) accounts read." }
        }
    }
    finally { $writer.Dispose() }
    return $script:Rows
}

function Export-SignIns {
    param([string]$Path)
    $writer = New-Writer $Path
    $script:Rows = 0
    try {
        Read-Pages 'users?$top=500&$select=id,signInActivity' 'AuditLog.Read.All' {
            param($user)
            $activity = Get-Field $user 'signInActivity'
            Write-Row $writer ([ordered]@{
                    id = [string]$user.id
                    lastSuccessfulAt = Get-Field $activity 'lastSuccessfulSignInDateTime'
                    lastInteractiveAt = Get-Field $activity 'lastSignInDateTime'
                    lastNonInteractiveAt = Get-Field $activity 'lastNonInteractiveSignInDateTime'
                })
            $script:Rows++
        } 2.3
    }
    finally { $writer.Dispose() }
    return $script:Rows
}

function Get-Organization {
    $found = New-Object 'System.Collections.Generic.List[object]'
    Read-Pages 'organization' 'Organization.Read.All' { param($row) $found.Add($row) }
    if ($found.Count -ne 1 -or [string]$found[0].id -ne $TenantId) { Stop-Collector 5 'Microsoft Graph answered for another tenant.' }
    return $found[0]
}

# Writes the lists to disk and packs them; the package has its name only when it is whole.
function New-Package {
    param([string]$Folder)
    $collectedAt = [DateTime]::UtcNow
    Write-Step 'Reading the tenant.'
    $organization = Get-Organization
    $files = [ordered]@{}
    $files['skus.ndjson'] = Get-FileFacts "$Folder\skus.ndjson" (Export-Skus "$Folder\skus.ndjson")
    Write-Step "$($files['skus.ndjson'].rows) subscriptions read. Reading accounts."
    $files['users.ndjson'] = Get-FileFacts "$Folder\users.ndjson" (Export-Users "$Folder\users.ndjson")
    Write-Step "$($files['users.ndjson'].rows) accounts read."
    if ($IncludeSignIns) {
        Write-Step 'Reading last sign-ins; Microsoft allows one page in two seconds.'
        $files['sign-ins.ndjson'] = Get-FileFacts "$Folder\sign-ins.ndjson" (Export-SignIns "$Folder\sign-ins.ndjson")
    }
    $default = @($organization.verifiedDomains) | Where-Object { $_.isDefault } | Select-Object -First 1
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
    param([string]$Path)
    $headers = @{ Authorization = 'Bearer ' + (Get-Plain (Read-Protected $UploadTokenFile)) }
    $api = $UploadUrl.TrimEnd('/') + '/api/v1'
    $file = Get-Item -LiteralPath $Path
    $begin = ConvertTo-Json -Compress -InputObject @{ fileName = $file.Name; bytes = $file.Length }
    $package = Invoke-Patiently @{ Uri = "$api/connections/$ConnectionId/packages"; Method = 'Post'; Headers = $headers; Body = $begin; ContentType = 'application/json' } 'The upload'
    $stream = [IO.File]::OpenRead($Path)
    try {
        for ($no = 0; $no -lt $package.chunks.count; $no++) {
            $length = [int][Math]::Min([int64]$package.chunks.bytes, $stream.Length - $stream.Position)
            $chunk = New-Object byte[] $length
            $filled = 0
            while ($filled -lt $length) { $filled += $stream.Read($chunk, $filled, $length - $filled) }
            [void](Invoke-Patiently @{ Uri = "$api/packages/$($package.id)/chunks/$no"; Method = 'Put'; Headers = $headers; Body = $chunk; ContentType = 'application/octet-stream' } 'The upload')
        }
    }
    finally { $stream.Dispose() }
    [void](Invoke-Patiently @{ Uri = "$api/packages/$($package.id)/complete"; Method = 'Post'; Headers = $headers; Body = '{}'; ContentType = 'application/json' } 'The upload')
    Write-Step 'Uploaded. Waiting for Seatledger to check it.'
    for ($look = 1; $look -le 360; $look++) {
        Start-Sleep -Seconds 5
        $item = Invoke-Patiently @{ Uri = "$api/packages/$($package.id)"; Method = 'Get'; Headers = $headers } 'Seatledger'
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
        try { Send-Package $package }
        catch {
            if ($script:ExitCode -eq 1) { Stop-Collector 7 "The upload failed (status $(Get-StatusCode $_)). The package stays at $package." }
            throw
        }
    }
    $script:ExitCode = 0
}
catch {
    if ($script:ExitCode -eq 1 -and ($_.Exception -is [IO.IOException] -or $_.Exception -is [UnauthorizedAccessException])) { $script:ExitCode = 6 }
    Write-Step "Stopped: $($_.Exception.Message)"
}
finally {
    $script:Token = $null
    if ($work -and (Test-Path -LiteralPath $work)) { Remove-Item -LiteralPath $work -Recurse -Force }
}
exit $script:ExitCode
