using System.Security.Cryptography;
using System.Text;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;
using Gaw.Tests.Support;

namespace Gaw.Tests.PostOffice.Framing;

/// <summary>Signing and encrypting, held against the original's recorded frames and against <see cref="WireCode"/>.</summary>
public sealed class ProtectorTests
{
    private const int MacBytes = 32;
    private const int BlockBytes = 16;

    public static IEnumerable<TheoryDataRow<string>> Readable() =>
        WireVectors.Rows(vector => vector is { Secret: not null, Json: not null, Outcome: not WireOutcome.MustRefuse });

    /// <summary>Frames whose seal is broken, or looser than allowed. What is sealed well and holds no JSON is not the protector's business.</summary>
    public static IEnumerable<TheoryDataRow<string>> Broken() => WireVectors.Rows(vector =>
        vector.Secret is not null && (vector.Json is null || vector.Outcome is WireOutcome.MustRefuse) && !vector.Name.Contains("bad_not_json", StringComparison.Ordinal)
        && !vector.Name.Contains("bad_mac_of_nothing", StringComparison.Ordinal));

    [Fact]
    public void The_recorded_frames_are_enough_to_be_worth_the_name()
    {
        Readable().Should().HaveCountGreaterThan(150);
        Broken().Should().HaveCountGreaterThan(45);
        Broken().Select(row => row.Data).Should().Contain(["encrypted192/padding_content_unchecked/request", "encrypted192/padding_two_blocks/request"]);
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void A_recorded_frame_opens_to_its_document_and_can_be_made_again(string name)
    {
        WireVector vector = WireVectors.Get(name);
        IFrameProtector protector = Create(vector);

        TryOpen(protector, vector.Payload, out byte[] document).Should().BeTrue();
        Encoding.UTF8.GetString(document).Should().Be(vector.Json);

        byte[] sealedAgain = Seal(protector, document);
        WireCode code = new WireCode(vector.Secret, vector.Encrypted);
        if (vector.Encrypted)
        {
            sealedAgain[..BlockBytes].Should().NotEqual(vector.Iv, "an IV is used once");
            WireCode.Framed(sealedAgain).Should().Equal(code.Frame(document, sealedAgain[..BlockBytes]), "with the same IV the frame is the same, byte for byte");
        }
        else
        {
            sealedAgain.Should().Equal(vector.Payload);
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_recorded_frame_with_a_broken_seal_is_refused_and_leaves_nothing_behind(string name)
    {
        WireVector vector = WireVectors.Get(name);
        IFrameProtector protector = Create(vector);

        TryOpen(protector, vector.Payload, out byte[] document).Should().BeFalse();
        document.Should().BeEmpty();

        byte[] good = Seal(protector, "{}"u8.ToArray());
        TryOpen(protector, good, out document).Should().BeTrue("the refusal does not reach into the next frame");
        document.Should().Equal("{}"u8.ToArray());
    }

    [Theory]
    [MemberData(nameof(Protection.Keyed), MemberType = typeof(Protection))]
    public void A_change_of_any_one_byte_is_refused(string mode)
    {
        IFrameProtector protector = Protection.Named(mode).CreateProtector();
        byte[] document = Encoding.UTF8.GetBytes(RawPeer.Request("1", "math_service/plus", "1, 2"));
        byte[] payload = Seal(protector, document);

        foreach (int mask in (int[])[0x01, 0x80, 0xff])
        {
            for (int i = 0; i < payload.Length; i++)
            {
                byte[] changed = [.. payload];
                changed[i] ^= (byte)mask;
                TryOpen(protector, changed, out _).Should().BeFalse($"byte {i} was changed by 0x{mask:x2}");
            }
        }

        TryOpen(protector, payload, out byte[] opened).Should().BeTrue();
        opened.Should().Equal(document);
    }

    [Theory]
    [MemberData(nameof(Protection.Keyed), MemberType = typeof(Protection))]
    public void A_frame_that_was_cut_or_lengthened_is_refused(string mode)
    {
        IFrameProtector protector = Protection.Named(mode).CreateProtector();
        byte[] payload = Seal(protector, [.. Enumerable.Range(0, 100).Select(value => (byte)value)]);

        for (int length = 0; length < payload.Length; length++)
        {
            TryOpen(protector, payload[..length], out _).Should().BeFalse($"only {length} bytes are left");
            TryOpen(protector, payload[^length..], out _).Should().BeFalse($"only the last {length} bytes are left");
        }

        for (int more = 1; more <= 64; more++)
        {
            TryOpen(protector, [.. payload, .. payload[..more]], out _).Should().BeFalse($"{more} bytes were appended");
            TryOpen(protector, [.. payload[..more], .. payload], out _).Should().BeFalse($"{more} bytes were put in front");
        }
    }

    [Theory]
    [MemberData(nameof(Protection.Keyed), MemberType = typeof(Protection))]
    public void Documents_of_any_length_go_both_ways(string mode)
    {
        Protection protection = Protection.Named(mode);
        IFrameProtector protector = protection.CreateProtector();
        for (int length = 0; length <= 200; length++)
        {
            string text = new('x', length);
            byte[] document = Encoding.UTF8.GetBytes(text);

            byte[] ours = Seal(protector, document);
            protection.Code.Open(ours).Should().Be(text);
            (ours.Length <= protector.HeadBytes + length + protector.MaxTailBytes).Should().BeTrue("more than that is not kept free");

            byte[] theirs = protection.Code.Frame(document);
            TryOpen(protector, theirs[(Array.IndexOf(theirs, (byte)'\n') + 1)..], out byte[] opened).Should().BeTrue($"{length} bytes");
            opened.Should().Equal(document);
        }
    }

    [Fact]
    public void Padding_of_one_to_sixteen_equal_bytes_is_taken_and_no_other()
    {
        IFrameProtector protector = Protection.EncryptedFrames.CreateProtector();
        for (int count = 0; count <= 255; count++)
        {
            // As many bytes of padding as the last one claims, so that only the rule of the sixteen stands against it.
            byte[] document = new byte[(512 - MacBytes - count) % BlockBytes];
            byte[] padding = [.. Enumerable.Repeat((byte)count, count)];
            byte[] payload = count == 0 ? Padded([.. document, .. new byte[BlockBytes - 1]], [0]) : Padded(document, padding);

            TryOpen(protector, payload, out byte[] opened).Should().Be(count is >= 1 and <= 16, $"the padding's count is {count}");
            opened.Should().Equal(count is >= 1 and <= 16 ? document : []);
        }
    }

    [Fact]
    public void Every_byte_of_the_padding_is_looked_at()
    {
        IFrameProtector protector = Protection.EncryptedFrames.CreateProtector();
        for (int count = 2; count <= 16; count++)
        {
            for (int wrong = 0; wrong < count - 1; wrong++)
            {
                foreach (int value in (int[])[0, count ^ 0x80, count ^ 1, 255])
                {
                    byte[] padding = [.. Enumerable.Repeat((byte)count, count)];
                    padding[wrong] = (byte)value;
                    TryOpen(protector, Padded(new byte[BlockBytes - count], padding), out _).Should().BeFalse($"byte {wrong} of {count} is {value}");
                }
            }
        }
    }

    [Fact]
    public void An_appended_pair_of_blocks_tells_nothing()
    {
        // PROTOCOL section 14.5: a chosen block and a copy of block i behind a captured frame; the original takes one guess in 256.
        IFrameProtector protector = Protection.EncryptedFrames.CreateProtector();
        byte[] captured = Seal(protector, Encoding.UTF8.GetBytes(RawPeer.Request("1", "safe/count", "\"secret text\"")));

        for (int guess = 0; guess < 4096; guess++)
        {
            byte[] chosen = RandomNumberGenerator.GetBytes(BlockBytes);
            chosen[^1] = (byte)guess;
            int block = BlockBytes * (1 + (guess % ((captured.Length / BlockBytes) - 1)));
            TryOpen(protector, [.. captured, .. chosen, .. captured[block..(block + BlockBytes)]], out _).Should().BeFalse();
            TryOpen(protector, [.. captured[..^(2 * BlockBytes)], .. chosen, .. captured[block..(block + BlockBytes)]], out _).Should().BeFalse();
        }
    }

    [Theory]
    [MemberData(nameof(Protection.Keyed), MemberType = typeof(Protection))]
    public void Many_threads_share_one_key(string mode)
    {
        Protection protection = Protection.Named(mode);
        IFrameProtector protector = protection.CreateProtector();
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16 }, thread =>
        {
            for (int i = 0; i < 500; i++)
            {
                byte[] document = Encoding.UTF8.GetBytes(new string((char)('a' + thread), i % 97));
                byte[] payload = Seal(protector, document);
                TryOpen(protector, payload, out byte[] opened).Should().BeTrue();
                opened.AsSpan().SequenceEqual(document).Should().BeTrue();
                payload[(thread * 31 + i) % payload.Length] ^= 1;
                TryOpen(protector, payload, out _).Should().BeFalse();
            }
        });
    }

    [Fact]
    public void A_hundred_thousand_initialisation_vectors_are_distinct_and_without_pattern()
    {
        const int count = 100_000;
        IFrameProtector protector = Protection.EncryptedFrames.CreateProtector();
        UInt128[] ivs = new UInt128[count];
        byte[] buffer = new byte[protector.HeadBytes + protector.MaxTailBytes];
        for (int i = 0; i < count; i++)
        {
            protector.Seal(buffer, protector.HeadBytes, 0);
            ivs[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(buffer);
        }

        ivs.ToHashSet().Should().HaveCount(count);
        ivs.Zip(ivs.Skip(1), (first, second) => first ^ second).ToHashSet().Should().HaveCount(count - 1, "a counter would repeat its differences");
        ivs.Zip(ivs.Skip(1), (first, second) => second - first).ToHashSet().Should().HaveCount(count - 1);
        for (int bit = 0; bit < 128; bit++)
        {
            int set = 0;
            int changed = 0;
            for (int i = 1; i < count; i++)
            {
                set += (int)(ivs[i] >> bit) & 1;
                changed += (int)((ivs[i] ^ ivs[i - 1]) >> bit) & 1;
            }

            // Fair coins: six standard deviations are 1 % of 100,000 throws.
            set.Should().BeInRange(count * 49 / 100, count * 51 / 100, $"bit {bit} is a fair coin");
            changed.Should().BeInRange(count * 49 / 100, count * 51 / 100, $"bit {bit} does not follow from the one before");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void While_a_secret_is_changed_each_connection_is_answered_with_the_key_it_used(bool encrypt)
    {
        WireCode older = new WireCode(Protection.SignedFrames.Key, encrypt);
        WireCode newer = new WireCode(Protection.OtherKey, encrypt);
        IFrameProtector[] both = [new Protection("new", Protection.OtherKey, encrypt).CreateProtector(), new Protection("old", Protection.SignedFrames.Key, encrypt).CreateProtector()];
        RotatingFrameProtector connection = new(both);

        newer.Open(Seal(connection, "[0]"u8.ToArray())).Should().Be("[0]", "the first secret sends as long as nothing came");
        for (int i = 1; i <= 3; i++)
        {
            TryOpen(connection, Payload(older.Frame($"[{i}]")), out byte[] document).Should().BeTrue();
            document.Should().Equal(Encoding.UTF8.GetBytes($"[{i}]"));
            older.Open(Seal(connection, "[5]"u8.ToArray())).Should().Be("[5]");

            TryOpen(connection, Payload(newer.Frame($"[{i}]")), out document).Should().BeTrue();
            document.Should().Equal(Encoding.UTF8.GetBytes($"[{i}]"));
            newer.Open(Seal(connection, "[6]"u8.ToArray())).Should().Be("[6]");
        }

        byte[] tampered = Payload(older.Frame("[7]"));
        tampered[^1] ^= 1;
        TryOpen(connection, tampered, out _).Should().BeFalse();
        TryOpen(connection, Payload(new WireCode("AAAAAAAAAAAAAAAAAAAAAA==", encrypt).Frame("[8]")), out _).Should().BeFalse();
        newer.Open(Seal(connection, "[9]"u8.ToArray())).Should().Be("[9]", "what was refused changes nothing");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G8_A_disposed_key_is_cleared_and_seals_nothing_more_with_what_is_left_of_it(bool encrypt)
    {
        WireCode code = new(Protection.OtherKey, encrypt);
        for (int round = 0; round < 20; round++)
        {
            byte[] bytes = Convert.FromBase64String(Protection.OtherKey);
            FrameKey key = new(bytes);
            IFrameProtector protector = encrypt ? new EncryptedFrameProtector(key) : new SignedFrameProtector(key);
            Tally sealedFrames = new("frames");
            Task[] threads = [.. Enumerable.Range(0, 4).Select(_ => DedicatedThread.RunAsync(() =>
            {
                try
                {
                    while (true)
                    {
                        code.Open(Seal(protector, "[1]"u8.ToArray())).Should().Be("[1]");
                        sealedFrames.Add();
                    }
                }
                catch (ObjectDisposedException)
                {
                    return true;
                }
            }))];
            await sealedFrames.WaitForAsync(10);
            protector.Dispose();

            await Task.WhenAll(threads).WithinAsync(TestTimeouts.Limit, () => "a thread goes on sealing");
            bytes.Should().OnlyContain(part => part == 0);
            protector.Dispose();
        }
    }

    [Fact]
    public async Task G8_The_keys_of_a_client_and_a_server_go_with_them()
    {
        PostOfficeServer server = await PostOfficeTests.ServeAsync(text => text, new PostOfficeServerOptions { Secret = Protection.OtherKey });
        PostOfficeClient client = new("127.0.0.1", server.LocalEndPoint.Port, new PostOfficeClientOptions { Secret = Protection.OtherKey });
        (await client.SendAsync("1"u8.ToArray(), TestContext.Current.CancellationToken)).Should().Equal("1"u8.ToArray());

        client.Dispose();
        await server.DisposeAsync();

        client.Carrier.Protector.Invoking(key => Seal(key, "1"u8.ToArray())).Should().Throw<ObjectDisposedException>();
        await Eventually.BecomesTrueAsync(() =>
        {
            try
            {
                Seal(server.CreateProtector(), "1"u8.ToArray());
                return false;
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        });
    }

    private static IFrameProtector Create(WireVector vector) => new Protection(vector.Name, vector.Secret, vector.Encrypted).CreateProtector();

    private static byte[] Payload(byte[] frame) => frame[(Array.IndexOf(frame, (byte)'\n') + 1)..];

    /// <summary>Opens within a larger buffer, as a connection's reader does.</summary>
    private static bool TryOpen(IFrameProtector protector, byte[] payload, out byte[] document)
    {
        const int before = 5;
        byte[] buffer = new byte[before + payload.Length + 3];
        payload.CopyTo(buffer, before);
        bool opened = protector.TryOpen(buffer.AsMemory(before, payload.Length), out Memory<byte> found);
        document = found.ToArray();
        bool neighboursAreClean = !buffer.AsSpan(0, before).ContainsAnyExcept((byte)0) && !buffer.AsSpan(before + payload.Length).ContainsAnyExcept((byte)0);
        return neighboursAreClean ? opened : throw new InvalidOperationException("Opening a frame has touched what lies beside it.");
    }

    private static byte[] Seal(IFrameProtector protector, byte[] document)
    {
        const int start = 64;
        byte[] buffer = new byte[start + document.Length + protector.MaxTailBytes];
        document.CopyTo(buffer, start);
        int length = protector.Seal(buffer, start, document.Length);
        return buffer[(start - protector.HeadBytes)..(start - protector.HeadBytes + length)];
    }

    /// <summary>An encrypted payload with a right MAC and this padding, whatever it is.</summary>
    private static byte[] Padded(byte[] document, byte[] padding)
    {
        byte[] key = Convert.FromBase64String(Protection.EncryptedFrames.Key!);
        byte[] iv = RandomNumberGenerator.GetBytes(BlockBytes);
        using Aes aes = Aes.Create();
        aes.Key = key;
        return [.. iv, .. aes.EncryptCbc((byte[])[.. HMACSHA256.HashData(key, document), .. document, .. padding], iv, PaddingMode.None)];
    }
}
