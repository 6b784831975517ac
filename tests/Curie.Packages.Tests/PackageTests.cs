using System.IO.Compression;
using System.Xml.Linq;
using Curie.Tests;

namespace Curie.Packages.Tests;

/// <summary>What <c>dotnet pack</c> makes, installed into an empty place and used as somebody else would.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string[] Libraries =
    [
        "Curie.Numerics",
        "Curie.Text",
        "Curie.Networks",
        "Curie.Sampling",
        "Curie.Response",
        "Curie.Development",
        "Curie.Studies",
        "Curie.Cluster",
        "Curie.Page",
    ];

    private static readonly Dictionary<string, string> NoEnvironment = [];
    private readonly TemporaryFolder _folder = new();

    public PackageTests() => Dotnet.Run(Repository, NoEnvironment, "pack", "--no-build", "-c", Configuration, "-o", Packages, "--nologo");

    private static string Repository
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Curie.slnx")))
            {
                folder = folder.Parent;
            }

            return folder!.FullName;
        }
    }

    /// <summary>That of the tests: their folder is bin/CONFIGURATION/net10.0.</summary>
    private static string Configuration =>
        Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))!);

    private string Packages => _folder.File("packages");

    private string Version =>
        Path.GetFileName(Directory.GetFiles(Packages, "Curie.Cli.*.nupkg").Single())["Curie.Cli.".Length..^".nupkg".Length];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_library_has_its_readme_icon_licence_and_documentation()
    {
        foreach (string library in Libraries)
        {
            using ZipArchive package = ZipFile.OpenRead(Path.Combine(Packages, $"{library}.{Version}.nupkg"));
            string[] names = [.. package.Entries.Select(entry => entry.FullName)];
            Assert.Contains("PACKAGE.md", names);
            Assert.Contains("icon.png", names);
            Assert.Contains($"lib/net10.0/{library}.dll", names);
            Assert.Contains($"lib/net10.0/{library}.xml", names);
            XElement metadata = XDocument.Load(package.GetEntry($"{library}.nuspec")!.Open()).Root!.Elements().Single();
            string Of(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
            Assert.Equal("MIT", Of("license"));
            Assert.Equal("PACKAGE.md", Of("readme"));
            Assert.NotEmpty(Of("description"));
        }
    }

    [Fact]
    public void The_tool_installs_into_an_empty_place_and_runs_the_quick_demo_with_its_page()
    {
        string config = _folder.File("nuget.config");
        File.WriteAllText(
            config,
            $"<configuration><packageSources><clear/><add key=\"packed\" value=\"{Packages}\"/></packageSources></configuration>"
        );
        Dictionary<string, string> environment = new() { ["NUGET_PACKAGES"] = _folder.File("cache") };
        Dotnet.Run(
            _folder.Path,
            environment,
            "tool",
            "install",
            "Curie.Cli",
            "--version",
            Version,
            "--tool-path",
            _folder.File("tool"),
            "--configfile",
            config
        );
        string curie = Path.Combine(_folder.File("tool"), OperatingSystem.IsWindows() ? "curie.exe" : "curie");
        Assert.StartsWith(Version, Dotnet.RunProgram(curie, _folder.Path, environment, "--version"), StringComparison.Ordinal);
        Dotnet.RunProgram(curie, _folder.Path, environment, "demo", "--quick", "--quiet", "--out", "demo");
        Assert.True(File.Exists(_folder.File("demo/susceptibility/susceptibility.npz")));
        Assert.True(File.Exists(_folder.File("demo/report.html")) || Environment.GetEnvironmentVariable("CURIE_REQUIRE_BROWSER") != "1");
    }

    [Fact]
    public void A_program_compiles_against_the_packages()
    {
        File.Copy(Path.Combine(Repository, "examples/susceptibilities/Program.cs"), _folder.File("Program.cs"));
        File.WriteAllText(
            _folder.File("Program.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>{Packages}</RestoreAdditionalProjectSources>
                <RestoreFallbackFolders>{Cache}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Curie.Page" Version="{Version}" />
              </ItemGroup>
            </Project>
            """
        );
        Dotnet.Run(
            _folder.Path,
            new Dictionary<string, string> { ["NUGET_PACKAGES"] = _folder.File("cache") },
            "build",
            "Program.csproj",
            "--nologo",
            "--disable-build-servers"
        );
        Assert.True(File.Exists(_folder.File("bin/Debug/net10.0/Program.dll")));
    }

    /// <summary>Where the SDK has put the packages of others, which need not be fetched again.</summary>
    private static string Cache =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
