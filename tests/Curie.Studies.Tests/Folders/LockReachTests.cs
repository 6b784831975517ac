using Curie.Studies.Folders;

namespace Curie.Studies.Tests.Folders;

/// <summary>Where locks keep out other machines, by lines as Linux writes them into /proc/self/mountinfo.</summary>
public sealed class LockReachTests
{
    private static readonly string[] Mounts =
    [
        "22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
        "31 22 0:40 / /shared rw shared:5 - nfs4 server:/export rw,vers=4.2,hard,local_lock=none,addr=10.0.0.1",
        "32 22 0:41 / /old rw - nfs server:/old rw,vers=3,nolock,proto=tcp,local_lock=all",
        "33 32 0:42 / /old/inside rw shared:9 master:2 - nfs server:/other rw,vers=3,local_lock=none",
        "34 22 0:43 / /with\\040space rw - lustre mds:/fs rw,localflock",
        "35 22 0:44 / /lustre rw - lustre mds:/fs rw,flock",
        "36 22 0:45 / /word rw - ext4 /dev/nolock rw,nolock",
    ];

    [Theory]
    [InlineData("/home/run", false)]
    [InlineData("/shared/run", false)]
    [InlineData("/old", true)]
    [InlineData("/old/run/shards/0001", true)]
    [InlineData("/older/run", false)]
    [InlineData("/old/inside/run", false)]
    [InlineData("/with space/run", true)]
    [InlineData("/lustre/run", false)]
    [InlineData("/word/run", false)]
    public void Locks_of_some_mounts_are_the_machines_alone(string folder, bool isLocal) =>
        Assert.Equal(isLocal, LockReach.IsLocalAlone(folder, Mounts));

    [Fact]
    public void Lines_that_are_damaged_say_nothing() => Assert.False(LockReach.IsLocalAlone("/a", ["", "- - -", "1 2 3 4 / 6 - nfs"]));

    [Fact]
    public void This_machines_own_mounts_can_be_read() => Assert.False(LockReach.IsLocalAlone(AppContext.BaseDirectory));
}
