using System.Text;
using Curie.Tests;
using Curie.Text.Sources;

namespace Curie.Text.Tests.Sources;

/// <summary>On a small installation written by hand, whose text is known.</summary>
public sealed class DocumentationSourcesTests : IDisposable
{
    private const string Members = """
        <member name="T:Toy.Bag`1"><summary>A   bag of
            things.</summary><typeparam name="TItem">What is in it.</typeparam></member>
        <member name="M:Toy.Bag`1.#ctor(System.Int32)"><summary>Makes a <see cref="T:Toy.Bag`1" />.</summary><param name="size">The size.</param></member>
        <member name="M:Toy.Bag`1.Find``1(System.Collections.Generic.Dictionary{`0,``0[]},System.Int32@)">
          <summary><para>Finds <c>it</c>, or <see langword="null" />.</para><para>See <see cref="M:System.String.Join(System.String)" />
          and <a href="https://example.org">the page</a>.</para></summary>
          <typeparam name="TKey" /><param name="map">The <paramref name="map" /> itself.</param><param name="count">How many.</param>
          <returns><list type="bullet"><item><term>One</term><description>if found</description></item><item>none</item></list></returns>
          <exception cref="T:System.ArgumentNullException"><paramref name="map" /> is null.</exception>
          <example>Not this. <code>var x = 1;</code></example></member>
        <member name="P:Toy.Bag`1.Count"><summary>Counts <code>left(out)</code> things &amp; &lt;more&gt;.</summary></member>
        <member name="P:Toy.Bag`1.Item(System.Nullable{System.Int64})"><summary>One thing.</summary><param name="index">Which.</param></member>
        <member name="M:Toy.Bag`1.op_Addition(Toy.Bag{`0},Toy.Bag{`0})"><summary>Adds.</summary><param name="left" /><param name="right" /></member>
        <member name="M:Toy.Bag`1.op_Implicit(System.String[0:,0:])~Toy.Bag{`0}"><summary>Converts.</summary><param name="text" /></member>
        <member name="M:Toy.Bag`1.System#Collections#IList#Clear"><summary>Clears.</summary></member>
        <member name="E:Toy.Bag`1.Full"><summary>Adds.</summary></member>
        <member name="T:Toy.Bag`1.Lid"><inheritdoc /></member>
        <member name="F:Toy.Bag`1.Lid.Open"><summary>Open.</summary></member>
        <member name="M:System.Runtime.Intrinsics.X86.Avx.Add"><summary>VADDPD ymm, ymm, ymm/m256</summary></member>
        <member name="N:Toy"><summary>A namespace.</summary></member>
        """;

    private readonly TemporaryFolder _folder = new();

    public DocumentationSourcesTests()
    {
        WriteDocs("Toy.Ref", "9.0.1", "net9.0", "Toy.xml", """<member name="T:Toy.Old"><summary>Old.</summary></member>""");
        WriteDocs("Toy.Ref", "10.0.0", "net10.0", "Toy.xml", Members);
        WriteDocs(
            "Zoo.Ref",
            "10.0.0",
            "net10.0",
            "Toy.xml",
            """<member name="P:Toy.Bag`1.Count"><summary>A second text for the same member.</summary></member>"""
        );
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Documentation_reads_as_plain_English_with_a_types_members_together()
    {
        Document[] documents = [.. new DotnetDocsSource(_folder.Path).Read()];
        Assert.Equal(
            """
            Bag, in Toy.
            A bag of things.
            TItem: What is in it.

            Bag
            Makes a Bag.
            size: The size.

            Count
            Counts things & <more>.

            Find
            Finds it, or null.
            See String.Join and the page.
            map: The map itself.
            count: How many.
            Returns: One: if found
            none
            ArgumentNullException: map is null.

            Full
            Adds.

            Item
            One thing.
            index: Which.

            Clear
            Clears.

            op_Implicit
            Converts.

            """.ReplaceLineEndings("\n"),
            documents[0].Text
        );
        Assert.Equal(["Bag.Lid, in Toy.\n\nOpen\nOpen.\n"], documents[1..].Select(document => document.Text));
    }

    [Fact]
    public void Signatures_read_as_declarations()
    {
        Document[] documents = [.. new SignaturesSource(_folder.Path).Read()];
        Assert.Equal(
            """
            namespace Toy;

            type Bag<TItem>
            {
                Bag(int size);
                Count { get; }
                Find<TKey>(Dictionary<TItem, TKey[]> map, ref int count);
                event Full;
                this[long? index] { get; }
                IList.Clear();
                operator +(Bag<TItem> left, Bag<TItem> right);
                implicit operator Bag<TItem>(string[,] text);
            }

            """.ReplaceLineEndings("\n"),
            documents[1].Text
        );
        Assert.Equal("namespace Toy;\n\ntype Bag.Lid\n{\n    Open;\n}\n", documents[2].Text);
    }

    [Fact]
    public void Build_files_come_once_each_from_the_newest_SDK()
    {
        Directory.CreateDirectory(_folder.File("sdk/9.0.100"));
        Directory.CreateDirectory(_folder.File("sdk/10.0.100/b"));
        File.WriteAllText(_folder.File("sdk/9.0.100/old.props"), "<Old/>");
        File.WriteAllText(_folder.File("sdk/10.0.100/b/a.targets"), "<A>\r\n</A>");
        File.WriteAllText(_folder.File("sdk/10.0.100/a.props"), "<B/>");
        File.WriteAllText(_folder.File("sdk/10.0.100/z.props"), "<A>\n</A>");
        File.WriteAllText(_folder.File("sdk/10.0.100/readme.txt"), "no");
        Assert.Equal(["<B/>", "<A>\n</A>"], new MsbuildSource(_folder.Path).Read().Select(document => document.Text));
    }

    [Fact]
    public void An_installation_without_the_files_is_refused_with_the_component_that_brings_them()
    {
        string empty = _folder.File("empty");
        string docs =
            $"the packs folder of a .NET SDK was not found in {empty}; install the .NET SDK, whose targeting packs "
            + "(Microsoft.NETCore.App.Ref) holds it, or set DOTNET_ROOT to an SDK.";
        Refusal.Says(docs, () => new DotnetDocsSource(empty).Read().ToList());
        Refusal.Says(docs, () => new SignaturesSource(empty).Read().ToList());
        Refusal.Says(
            $"the sdk folder of a .NET SDK was not found in {empty}; install the .NET SDK, whose MSBuild holds it, or set DOTNET_ROOT to "
                + "an SDK.",
            () => new MsbuildSource(empty).Read().ToList()
        );
    }

    [Fact]
    public void A_documentation_file_that_is_not_XML_is_refused_by_name()
    {
        string file = _folder.File("packs/Toy.Ref/10.0.0/ref/net10.0/Bad.xml");
        File.WriteAllText(file, "<doc>\n<members>");
        Refusal.Says($"{file} is not XML (line 2); repair the .NET SDK.", () => new DotnetDocsSource(_folder.Path).Read().ToList());
    }

    private void WriteDocs(string pack, string version, string framework, string name, string members)
    {
        string folder = Path.Combine(_folder.Path, "packs", pack, version, "ref", framework);
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, name),
            $"<?xml version=\"1.0\"?><doc><assembly><name>Toy</name></assembly><members>{members}</members></doc>",
            Encoding.UTF8
        );
    }
}
